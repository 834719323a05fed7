// The first import of every script, in syntax that an old Node still parses: its user gets a sentence, not a stack trace.
import { readFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const wanted = manifest.engines.node.replace(/[^\d.]/g, '')

function isOlder(version, minimum) {
  const have = version.split('.').map(Number)
  const need = minimum.split('.').map(Number)
  for (let i = 0; i < need.length; i++) {
    if (have[i] !== need[i]) return have[i] < need[i]
  }
  return false
}

if (isOlder(process.versions.node, wanted)) {
  console.error(`enjamb needs Node ${wanted} or newer; this is Node ${process.versions.node}.`)
  console.error('Install a newer one from https://nodejs.org, then run the same command again.')
  process.exit(1)
}
