import { join } from 'node:path'
import { build } from 'esbuild'
import { installRuntime, miniflare, node24 } from '../../scripts/runtimes.ts'
import { runProgram } from './run-program.ts'
import type { SmokeTest } from './smoke-test.ts'

/** The checks in workerd, bundled with the conditions by which Cloudflare's own tool bundles. */
export const runWorker: SmokeTest['run'] = async (project, url) => {
  const outfile = join(project, 'bundles/workerd.js')
  await build({
    entryPoints: [join(project, 'worker.mjs')],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    logLevel: 'silent',
  })
  const args = [join(project, 'workerd.mjs'), installRuntime(miniflare), outfile, url]
  return runProgram(installRuntime(node24), args)
}
