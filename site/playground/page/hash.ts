/** What the address says: an example by its name, and its code where that was changed. */
export interface Shared {
  example: string
  code?: string | undefined
}

/** `#chat/talk`, or `#chat/talk~…` with the code: UTF-8, deflated, in base64url. */
export async function toHash({ example, code }: Shared): Promise<string> {
  if (code === undefined) return `#${example}`
  const bytes = await bytesOf(new Blob([code]).stream().pipeThrough(new CompressionStream('deflate-raw')))
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return `#${example}~${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}

/** @throws TypeError or DOMException where what follows the name is not what {@link toHash} writes */
export async function fromHash(hash: string): Promise<Shared> {
  const [example = '', packed] = decodeURIComponent(hash.slice(1)).split('~')
  if (packed === undefined) return { example }
  const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  const code = await bytesOf(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')))
  return { example, code: new TextDecoder().decode(code) }
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as BodyInit).arrayBuffer())
}
