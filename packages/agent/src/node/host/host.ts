export { withLog } from '../log/with-log.ts'
export { hostFacts } from './host-facts.ts'
export { readInstructions } from './read-instructions.ts'
