import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { chromium, type Page } from 'playwright-core'
import { chromiumOptions } from './chromium.ts'

/** A page in a headless browser, and a way to call what its module exports. */
export interface BrowserPage<Module> {
  page: Page
  /** The page's origin. */
  url: string
  /** Calls an exported function in the page; arguments and result travel as JSON does. */
  call<Name extends keyof Module & string>(
    name: Name,
    ...args: Module[Name] extends (...args: infer Args) => unknown ? Args : never
  ): Promise<Module[Name] extends (...args: never[]) => infer Result ? Awaited<Result> : never>
  close(): Promise<void>
}

export interface BrowserPageOptions {
  /** The module to run in the page; esbuild bundles it as an application would be, from the packages' sources. */
  entry: URL
  /** Files to serve beside it, by their path on the page's origin: `{ '/worker.js': url }`. */
  files?: Record<string, URL>
}

/**
 * Bundles a module, serves it on 127.0.0.1 and opens it in headless Chromium. Close the page in `afterAll`.
 *
 * @example
 * ```ts
 * const { call, close } = await openPage<typeof import('./fixtures/page.ts')>({
 *   entry: new URL('./fixtures/page.ts', import.meta.url),
 * })
 * expect(await call('greet', 'Ada')).toBe('Hello, Ada')
 * ```
 */
export async function openPage<Module>({ entry, files = {} }: BrowserPageOptions): Promise<BrowserPage<Module>> {
  const script = await bundle(entry)
  const contents = new Map<string, string | Buffer>([
    ['/', '<!doctype html><meta charset="utf-8"><title>test</title>'],
    ['/page.js', script],
    ...Object.entries(files).map(([path, file]) => [path, readFileSync(file)] as const),
  ])
  const server = await serve(contents)
  const browser = await chromium.launch(chromiumOptions())
  const close = async () => {
    await browser.close()
    await server.close()
  }
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    const call = (name: string, ...args: unknown[]) => page.evaluate(callOf(name, args))
    return { page, url: server.url, call: call as BrowserPage<Module>['call'], close }
  } catch (error) {
    await close()
    throw error
  }
}

/** As text: in a function, the test runner would have made its own of `import`. */
function callOf(name: string, args: unknown[]): string {
  return `import('/page.js').then((module) => module[${JSON.stringify(name)}](...${JSON.stringify(args)}))`
}

async function bundle(entry: URL): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry.pathname],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@enjamb/source', 'browser'],
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** Serves files on 127.0.0.1, by their path. */
export async function serve(contents: Map<string, string | Buffer>) {
  const server = createServer(({ url = '/' }, response) => {
    const found = contents.get(url)
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html'
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': type })
    response.end(found)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, close }
}
