import { readdirSync, readFileSync } from 'node:fs'

export interface Fixture {
  name: string
  bytes: Uint8Array
}

/** Streams in the exact shapes of the API, and in those that proxies make of them. */
export function readFixtures(): Fixture[] {
  const folder = new URL('./fixtures/', import.meta.url)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sse'))
    .map((file) => ({ name: file.slice(0, -4), bytes: new Uint8Array(readFileSync(new URL(file, folder))) }))
}

export function readFixture(name: string): Uint8Array {
  const fixture = readFixtures().find((one) => one.name === name)
  if (!fixture) throw new Error(`There is no fixture ${name}`)
  return fixture.bytes
}
