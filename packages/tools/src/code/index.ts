export { type GlobInput, globDefinition } from './glob.ts'
export { type ReadInput, readDefinition } from './read.ts'
