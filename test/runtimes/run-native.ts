import { join } from 'node:path'
import { build } from 'esbuild'
import { installRuntime, node24, whatwgFetch } from '../../scripts/runtimes.ts'
import { runProgram } from './run-program.ts'
import type { SmokeTest } from './smoke-test.ts'

/** The checks with what applications of React Native have, bundled by Metro's condition, and without what Hermes does not know. */
export function runNative(expo: boolean): SmokeTest['run'] {
  return async (project, url) => {
    const outfile = join(project, 'bundles/native.js')
    await build({
      entryPoints: [join(project, 'native-app.mjs')],
      outfile,
      bundle: true,
      format: 'iife',
      // Before async generators, which Metro's preset takes apart, too.
      target: 'es2017',
      platform: 'neutral',
      conditions: ['react-native'],
      logLevel: 'silent',
    })
    const args = [join(project, 'native.mjs'), outfile, installRuntime(whatwgFetch), url, ...(expo ? ['expo'] : [])]
    return runProgram(installRuntime(node24), args)
  }
}
