import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { pagesFolder, root } from '../../generate/repository.ts'
import { modules } from '../modules.ts'
import { listSnippets } from './list-snippets.ts'

// The code runs where there is no document: it is a server that it stands for.
const options: BuildOptions = {
  absWorkingDir: join(root, 'site'),
  bundle: true,
  minify: true,
  target: 'es2022',
  conditions: ['@enjamb/source', 'worker', 'browser'],
  external: ['node:*'],
  logLevel: 'warning',
}

/** Writes what the playground loads: its snippets, the packages as modules, what runs code, and the service worker. */
export async function writePlayground(): Promise<void> {
  const site = join(pagesFolder, 'public')
  const outdir = join(site, 'playground')
  rmSync(outdir, { recursive: true, force: true })
  mkdirSync(outdir, { recursive: true })
  writeFileSync(join(outdir, 'snippets.json'), JSON.stringify(listSnippets()))
  const entryPoints = modules.map((name) => ({ in: name, out: `modules/${name}` }))
  await build({ ...options, entryPoints, outdir, format: 'esm', splitting: true, chunkNames: 'modules/[hash]' })
  await build({ ...options, entryPoints: ['playground/runner/runner.ts'], outdir, format: 'esm' })
  // Beside the page, not below it: a service worker has power over what stands below itself.
  const outfile = join(site, 'playground-worker.js')
  await build({ ...options, entryPoints: ['playground/worker/service-worker.ts'], outfile, format: 'iife' })
}
