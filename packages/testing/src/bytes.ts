/** Bytes of their own, as `Uint8Array<ArrayBuffer>` says since TypeScript 5.7, in words that older ones understand. */
export type Bytes = ReturnType<Uint8Array['slice']>
