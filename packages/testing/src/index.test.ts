import { build } from 'esbuild'
import { expect, it } from 'vitest'
import * as testing from './index.ts'

it('exports these names', () => {
  expect(Object.keys(testing).sort()).toEqual([
    'createAPIHandler',
    'createMockServer',
    'createRecorder',
    'createReplayer',
    'mockFetch',
    'mockHandlers',
    'record',
    'replay',
    'script',
  ])
})

it('loads in a browser: nothing of Node is imported', async () => {
  const { metafile, errors } = await build({
    entryPoints: [new URL('./index.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@enjamb/source'],
    logLevel: 'silent',
  })
  expect(errors).toEqual([])
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external))
  expect(outside).toEqual([])
})
