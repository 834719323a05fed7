export type { CloudClientOptions, CloudOptions } from '../cloud-options.ts'
export { type FoundryOptions, foundry } from './foundry.ts'
