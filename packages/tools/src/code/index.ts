export { type GlobInput, globDefinition } from './glob.ts'
export { type ReadInput, readDefinition } from './read.ts'
export { type WriteInput, writeDefinition } from './write.ts'
