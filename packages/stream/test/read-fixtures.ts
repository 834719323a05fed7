declare global {
  interface ImportMeta {
    glob(pattern: string, options: object): Record<string, string>
  }
}

export interface Fixture {
  name: string
  bytes: Uint8Array
}

// Vite puts the files into the module as data URLs: in Node and in a browser alike, and undecoded.
const files = import.meta.glob('./fixtures/*.sse', { query: '?url&inline', import: 'default', eager: true })

/** Streams in the exact shapes of the API, and in those that proxies make of them. */
export function readFixtures(): Fixture[] {
  return Object.entries(files).map(([path, url]) => ({
    name: path.replace(/.*\/|\.sse$/g, ''),
    bytes: Uint8Array.from(atob(url.replace(/.*,/, '')), (byte) => byte.charCodeAt(0)),
  }))
}

export function readFixture(name: string): Uint8Array {
  const fixture = readFixtures().find((one) => one.name === name)
  if (!fixture) throw new Error(`There is no fixture ${name}`)
  return fixture.bytes
}
