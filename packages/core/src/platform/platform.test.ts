import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { reply, serve } from '../../test/serve.ts'
import * as browser from './browser.ts'
import * as development from './browser-development.ts'
import * as server from './server/index.ts'

const folder = fileURLToPath(new URL('../..', import.meta.url))
const { imports } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))

afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

/** What a bundler that knows these conditions makes of a module of this package. */
async function bundle(contents: string, conditions: string[]): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['@enjamb/source', ...conditions],
    write: false,
  })
  return outputFiles[0]!.text
}

const variantOf = async (conditions: string[]) =>
  (await bundle(`export * from '#platform'`, conditions)).includes('user-agent') ? 'server' : 'browser'

describe('the platform', () => {
  it.each([
    ['a bundler for browsers', ['browser'], 'browser'],
    ['a bundler for browsers, in development', ['browser', 'development'], 'browser'],
    ['a bundler for Web and service workers', ['browser'], 'browser'],
    ['Jest with jsdom', ['browser'], 'browser'],
    ['webpack for web workers', ['worker', 'browser'], 'server'],
    ['Cloudflare', ['workerd', 'worker', 'browser'], 'server'],
    ['an edge of Vercel', ['edge-light', 'worker', 'browser'], 'server'],
    ['React Native', ['react-native'], 'server'],
    ['a renderer of Electron', ['electron', 'browser'], 'server'],
    ['a bundler for Node', ['node'], 'server'],
    ['Deno', ['deno', 'node'], 'server'],
    ['Bun', ['bun', 'node'], 'server'],
    ['whatever knows no condition', [], 'server'],
  ])('of %s is the right one', async (_, conditions, variant) => {
    expect(await variantOf(conditions)).toBe(variant)
  })

  it('is chosen among what is built as among the sources', () => {
    const { '@enjamb/source': sources, types: _, ...built } = imports['#platform']
    expect(JSON.stringify(built)).toBe(
      JSON.stringify(sources).replaceAll('./src/', './dist/').replaceAll('.ts"', '.js"'),
    )
  })

  it('has the same parts everywhere', () => {
    for (const one of [browser, development]) expect(Object.keys(one).sort()).toEqual(Object.keys(server).sort())
  })
})

it.each([
  ['development', true],
  ['production', false],
])('what is built for browsers checks in development how options are spelt: %s', async (mode, checks) => {
  const make = `import { createClient } from './src/index.ts'; export const make = () => createClient({ timeout: 5 })`
  const code = await bundle(make, ['browser', mode])
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  if (checks) expect(module.make).toThrow('timeout must be spelt timeoutMs.')
  else expect(module.make).not.toThrow()
})

it('what is built for browsers works in Node, where Jest runs it', async () => {
  const local = await serve((response) => reply(response, 200, { id: 'msg_1' }))
  const code = await bundle(`export { createClient, createMessage } from './src/index.ts'`, ['browser'])
  const { createClient, createMessage } = (await import(
    `data:text/javascript,${encodeURIComponent(code)}`
  )) as typeof import('../index.ts')
  try {
    vi.stubEnv('ANTHROPIC_BASE_URL', 'http://127.0.0.1:9')
    const client = createClient({ apiKey: 'k', baseURL: local.url, dangerouslyAllowBrowser: true })
    const params = { model: 'm', max_tokens: 1, messages: [{ role: 'user' as const, content: 'Hi' }] }
    for (let call = 0; call < 2; call++) expect(await createMessage(client, params)).toEqual({ id: 'msg_1' })
    expect(createClient().baseURL).toBe('https://api.anthropic.com')
  } finally {
    await local.close()
  }
})

describe('outside of bundles for browsers', () => {
  it('a page is one still', () => {
    expect(server.isPage()).toBe(false)
    vi.stubGlobal('document', {})
    expect(server.isPage()).toBe(true)
    expect(server.callHeaders({}, 'POST', true)).toEqual(browser.callHeaders({}, 'POST', true))
  })

  it('a worker of a page is one, too', () => {
    vi.stubGlobal('importScripts', () => {})
    expect(server.isPage()).toBe(true)
  })

  it('a variable that is blank is unset', () => {
    const names = ['API_KEY', 'AUTH_TOKEN', 'BASE_URL'].map((name) => `ANTHROPIC_${name}`)
    for (const name of [...names, 'CLAUDE_TIMEOUT']) vi.stubEnv(name, ' \t')
    vi.stubEnv('CLAUDE_API_KEY', ' k\n')
    const defaults = { baseURL: 'https://host', timeoutMs: 1 }
    const { apiKey, authToken, baseURL, timeoutMs } = server.withEnvironment<Record<string, unknown>>(defaults)
    expect([apiKey, authToken, baseURL, timeoutMs]).toEqual(['k', undefined, 'https://host', 1])
  })

  it('an environment that may not be read is an empty one', () => {
    const denied = new Proxy({}, { get: () => { throw new Error('Requires env access') } }) // biome-ignore format: one thing
    vi.stubGlobal('process', { env: denied })
    expect(server.withEnvironment({ timeoutMs: 1 }).timeoutMs).toBe(1)
  })

  it('a call has one idempotency key, and none where the platform can make none', () => {
    const names = () =>
      server
        .callHeaders({}, 'POST', false)
        .filter(([, value]) => value)
        .map(([name]) => name)
    expect(names()).toEqual(['user-agent', 'idempotency-key'])
    vi.stubGlobal('crypto', undefined)
    expect(names()).toEqual(['user-agent'])
  })
})
