export type { CloudClientOptions, CloudOptions } from '../cloud-options.ts'
export { type VertexOptions, vertex } from './vertex.ts'
