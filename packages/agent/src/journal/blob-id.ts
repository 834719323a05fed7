/** What bytes are kept by: `sha256-` and their hash in hexadecimal. */
export async function blobId(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
  return `sha256-${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** Whether it is one: anything else is nobody's blob, and in some stores would be a path. */
export function isBlobId(id: string): boolean {
  return /^sha256-[0-9a-f]{64}$/.test(id)
}
