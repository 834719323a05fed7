import { readFileSync } from 'node:fs'

interface Peer {
  name: string
  version: string
  /** The Node that its manifest asks for, such as `>=22.12`. */
  node?: string
}

/** The peers that this process has left out so far, for what is printed. */
export const leftOut: string[] = []

/** The peers that the benchmarks are pinned to, as they are installed. */
export function pinnedPeers(): Peer[] {
  const { dependencies } = readManifest('package.json') as { dependencies: Record<string, string> }
  return Object.keys(dependencies)
    .filter((name) => !name.startsWith('@enjamb/'))
    .map(readPeer)
}

/** Imports a peer, unless it asks for a newer Node than this one: npm would not give it to such a project's users, either. */
export async function loadPeer<Module>(name: string, load: () => Promise<Module>): Promise<Module | undefined> {
  const { version, node } = readPeer(name)
  if (!node || runsHere(node)) return load()
  leftOut.push(`\`${name}\` ${version}, which asks for Node ${node}`)
  return undefined
}

function readPeer(folder: string): Peer {
  const { name, version, engines } = readManifest(`node_modules/${folder}/package.json`)
  return { name, version, node: engines?.node }
}

function readManifest(file: string) {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
}

/** Whether this Node is in a range, such as `>=22.12`. */
export function runsHere(range: string): boolean {
  const [wanted, here] = [range, process.versions.node].map((text) => text.match(/\d+/g)!.map(Number))
  const differs = wanted!.findIndex((part, n) => part !== here![n])
  return differs < 0 || here![differs]! > wanted![differs]!
}
