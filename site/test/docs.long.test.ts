import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkAccessibility } from '../../examples/browser-chat/test/check-accessibility.ts'
import { chromiumOptions } from '../../test/chromium.ts'
import { entryPoints, layers, read as repositoryFile } from '../generate/repository.ts'
import { listSnippets } from '../playground/build/list-snippets.ts'
import { checkPlayground } from './check-playground.ts'
import { dist, serveSite } from './serve-site.ts'

let browser: Browser
let site: Awaited<ReturnType<typeof serveSite>>
beforeAll(async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { SITE_URL: _, ...env } = process.env
  // Fails where a doc comment is missing, or a link of one leads nowhere.
  execFileSync('npm', ['run', '--silent', 'site:build'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  site = await serveSite()
  browser = await chromium.launch(chromiumOptions())
}, 1_200_000)
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

const files = (ending: string) =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending))
const read = (file: string) => readFileSync(join(dist, file), 'utf8')

it('no link leads nowhere, neither to a page nor to a place in one', () => {
  const pages = new Map(files('.html').map((file) => [file, read(file)]))
  const ids = new Map(
    [...pages].map(([file, html]) => [file, new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
  )
  // Its script shows what the name is of.
  for (const { name } of listSnippets()) ids.get('playground.html')?.add(name)
  const dead = [...pages].flatMap(([file, html]) => {
    const links = [...html.matchAll(/<a [^>]*href="([^"]+)"/g)].map(
      ([, href]) => new URL(href!.replaceAll('&amp;', '&'), `http://site/${file}`),
    )
    return links
      .filter(({ host, pathname, hash }) => {
        if (host !== 'site') return false
        const target = decodeURIComponent(pathname)
          .slice(1)
          .replace(/^$|\/$/, '$&index.html')
        const places = ids.get(target)
        return places ? hash !== '' && !places.has(decodeURIComponent(hash.slice(1))) : !existsSync(join(dist, target))
      })
      .map(({ pathname, hash }) => `${file}: ${pathname}${hash}`)
  })
  expect(dead).toEqual([])
})

it.each(layers.flatMap(entryPoints))('$name has a page for each of its exports', ({ name, source }) => {
  const lists = [...repositoryFile(source).matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
    list.split(','),
  )
  const names = lists
    .map((item) =>
      item
        .replace(/\/\/.*$/gm, '')
        .trim()
        .replace(/^type |^.* as /g, ''),
    )
    .filter(Boolean)
  expect(names.length).toBeGreaterThan(1)
  const index = read(`reference/${name}/index.md`)
  const linked = new Set([...index.matchAll(/\[(\w+)\]\([^)]+\.md\)/g)].map(([, text]) => text))
  expect(names.filter((item) => !linked.has(item))).toEqual([])
})

describe('for who reads text', () => {
  const pages = () =>
    files('.html')
      .filter((file) => file !== '404.html')
      .map((file) => file.replace(/html$/, 'md'))

  it('each page is Markdown beside its HTML, without what is for browsers', () => {
    expect(pages().filter((page) => !existsSync(join(dist, page)))).toEqual([])
    expect(pages().filter((page) => !/^# \S/.test(read(page)))).toEqual([])
  })

  it('llms.txt lists every page, and llms-full.txt has the text of all but the reference', () => {
    const listed = [...read('llms.txt').matchAll(/\]\(\/([^)]+)\)/g)].map(([, path]) => path)
    const unlisted = pages().filter((page) => !listed.includes(page))
    expect(unlisted).toEqual(pages().filter((page) => page === 'index.md' || page.startsWith('sources/')))
    const full = read('llms-full.txt')
    const missing = listed.filter((page) => !page!.startsWith('reference/') && !full.includes(read(page!)))
    expect(missing).toEqual([])
  })
})

describe.each(['desktop', 'phone'])('on a %s', (device) => {
  const viewport = device === 'phone' ? { width: 390, height: 844 } : { width: 1280, height: 900 }

  it.each([
    '',
    'guides/chat.html',
    'errors.html',
    'benchmarks.html',
    'playground.html',
    'recipes/',
    'reference/core/interfaces/ClientOptions.html',
  ])('/%s loads from here alone, without an error, and axe finds nothing', async (path) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
      const page = await context.newPage()
      const wrong: string[] = []
      page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
      page.on('pageerror', (error) => wrong.push(String(error)))
      page.on('request', (request) => !request.url().startsWith(site.url) && wrong.push(request.url()))
      page.on(
        'response',
        (response) => response.status() >= 400 && wrong.push(`${response.status()} ${response.url()}`),
      )
      await page.goto(`${site.url}/${path}`, { waitUntil: 'networkidle' })
      expect(wrong).toEqual([])
      expect(await checkAccessibility(page)).toEqual([])
      await context.close()
    }
  })
})

checkPlayground(
  () => browser,
  () => site.url,
)
