export { hostFacts } from './host-facts.ts'
export { readInstructions } from './read-instructions.ts'
