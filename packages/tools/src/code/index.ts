export { globDefinition } from './glob.ts'
export { readDefinition } from './read.ts'
