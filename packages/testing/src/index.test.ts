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
    'sessionStoreTests',
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

it('loads what is heavy when it is needed: neither zod nor msw at once', async () => {
  const { metafile } = await build({
    entryPoints: [new URL('./index.ts', import.meta.url).pathname],
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    outdir: 'unused',
    format: 'esm',
    platform: 'node',
    conditions: ['@enjamb/source'],
    logLevel: 'silent',
  })
  const atOnce = new Set<string>()
  const visit = (name: string) => {
    if (atOnce.has(name)) return
    atOnce.add(name)
    for (const { kind, path } of metafile.outputs[name]?.imports ?? []) if (kind === 'import-statement') visit(path)
  }
  visit(Object.keys(metafile.outputs).find((name) => name.endsWith('/index.js')) ?? '')
  const packages = (names: Iterable<string>) => [
    ...new Set([...names].flatMap((name) => /node_modules\/(zod|msw)\//.exec(name)?.[1] ?? [])),
  ]
  const inputs = (outputs: Iterable<string>) =>
    [...outputs].flatMap((name) => Object.keys(metafile.outputs[name]?.inputs ?? {}))
  expect(packages(inputs(atOnce))).toEqual([])
  expect(packages(inputs(Object.keys(metafile.outputs))).sort()).toEqual(['msw', 'zod'])
})
