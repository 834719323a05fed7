import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runPnpm } from '../pnpm.mjs'
import { root, runCommand } from '../run-command.mjs'
import { readManifest } from '../workspaces.mjs'
import { layers } from './layers.mjs'

/**
 * `publish.mjs [--dry-run]`: packs what was built and gives it to npm, the lower layers first, so that no package is ever there
 * without those that it needs. What was published before a failure stays: run it again with the rest, by npm's own message.
 * A dry run asks no registry.
 */
const dry = process.argv.includes('--dry-run')

function end(output) {
  console.error(output)
  process.exit(1)
}

const folder = join(root, 'tarballs')
rmSync(folder, { recursive: true, force: true })
const packed = await runPnpm("--filter './packages/*' pack --pack-destination tarballs")
if (!packed.ok) end(packed.output)

const { version } = readManifest('packages/core')
if (readdirSync(folder).length !== layers.length)
  end('A package has no place in the order of scripts/release/layers.mjs.')
for (const layer of layers) {
  const tarball = `tarballs/enjamb-${layer}-${version}.tgz`
  // Port 9 discards: what would go over the network fails there.
  const options = dry ? ' --dry-run --registry=http://127.0.0.1:9 --fetch-retries=0' : ''
  const { ok, output } = await runCommand(`npm publish ./${tarball}${options}`)
  if (!ok) end(output)
  const kilobytes = Math.round(statSync(join(root, tarball)).size / 1000)
  console.log(`${dry ? 'would publish' : 'published'} @enjamb/${layer} ${version} (${kilobytes} kB)`)
}
