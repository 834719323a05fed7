import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumOptions } from '../../../../../test/chromium.ts'
import { buildJournal, toolUse } from '../../../test/journal-builder.ts'
import { longSession } from '../../../test/long-session.ts'
import type { Entry } from '../../index.ts'
import { toHTMLTrace } from './to-html-trace.ts'
import { traceScript, traceScriptHash } from './trace-script.ts'

const call = toolUse('toolu_1', 'Bash', { command: 'ls' })
const withResult = (content: unknown) =>
  toHTMLTrace(
    buildJournal()
      .prompt('p')
      .reply([call])
      .call(call, content as string)
      .turn().entries,
  )

describe('the page of a session', () => {
  it('runs its own script and no other', () => {
    expect(traceScriptHash).toBe(`sha256-${createHash('sha256').update(traceScript).digest('base64')}`)
    expect(toHTMLTrace([])).toContain(`script-src '${traceScriptHash}'`)
  })

  it('cuts a result of 10 MB, says how much is not shown, and shows how it ended', () => {
    const html = withResult(`${'x'.repeat(10_000_000)}\nexit code 1`)
    expect(html.length).toBeLessThan(60_000)
    expect(html).toContain('… 9,984,012 more characters stand in the journal …')
    expect(html).toContain('exit code 1</pre>')
  })

  it('shows what turns text around or is not seen, and leaves out colours of terminals and credentials', () => {
    const html = withResult('\x1b[31mred\x1b[0m \u202egnp.exe \u{e0041} sk-ant-api03-secret')
    expect(html).toContain('red \\u{202e}gnp.exe \\u{e0041} sk-ant-…</pre>')
  })

  it('cuts through no credential at either end', () => {
    const key = `sk-ant-api03-${'A'.repeat(80)}`
    for (let at = 11_900; at < 12_100; at += 13) {
      expect(withResult(`${'x'.repeat(at)}${key}${'y'.repeat(30_000)}${key}${'z'.repeat(16_000 - at)}`)).not.toMatch(
        /A{3}/,
      )
    }
  })

  it('shows pictures, and nothing that only says it is one', () => {
    const image = (media_type: string, data: string) => ({
      type: 'image',
      source: { type: 'base64', media_type, data },
    })
    expect(withResult([image('image/png', 'iVBORw0KGgo=')])).toContain('src="data:image/png;base64,iVBORw0KGgo="')
    expect(withResult([image('image/svg+xml', 'PHN2Zz4=')])).not.toContain('<img')
    expect(withResult([image('image/png', '"onerror="x')])).not.toContain('<img')
  })

  it('ends where sub-agents are their own, or many deep', () => {
    const { entries } = buildJournal({ id: 'self' })
      .prompt('p')
      .reply([call])
      .intent(call)
      .add({ type: 'spawn', id: call.id, agent: 'me', session: 'self' })
    expect(toHTMLTrace(entries, { children: { self: entries } })).toContain('<b>me</b>')
    expect(toHTMLTrace(entries, { children: {} })).toContain('self')
  })

  it('passes over entries that this release does not know, and says where there is nothing', () => {
    const { entries } = buildJournal().prompt('p').reply(['x']).turn()
    const unknown = { ...entries[1]!, type: 'telepathy' } as unknown as Entry
    expect(toHTMLTrace([...entries, unknown])).toBe(toHTMLTrace(entries))
    expect(toHTMLTrace([])).toContain('Nothing was asked in this session.')
  })
})

describe('the page in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-trace-'))
  beforeAll(async () => {
    browser = await chromium.launch(chromiumOptions())
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  async function open(html: string, options: BrowserContextOptions = {}): Promise<{ page: Page; requests: string[] }> {
    const file = join(folder, `${crypto.randomUUID()}.html`)
    writeFileSync(file, html)
    const url = `${pathToFileURL(file)}`
    const page = await browser.newPage(options)
    const requests: string[] = []
    page.on('request', (request) => {
      if (request.url() !== url) requests.push(request.url())
    })
    page.on('pageerror', (error) => requests.push(`${error}`))
    await page.goto(url)
    return { page, requests }
  }

  it('is not taken over by anything that was said', async () => {
    const attack = `</style></script><script>window.taken=1</script><img src=x onerror="window.taken=1">"'><base href="//evil.test/">`
    const { entries, children } = longSession()
    const kept = ['type', 'kind', 'at', 'id', 'session', 'status', 'isError', 'v']
    const spoilt = <Value>(value: Value): Value =>
      JSON.parse(JSON.stringify(value), (key, part) => {
        const isText = typeof part === 'string' && !kept.includes(key)
        if (isText) return attack + part
        if (typeof part !== 'object' || !part || key !== 'input') return part
        return Object.fromEntries(Object.entries(part).map(([name, own]) => [attack + name, own]))
      })
    const html = toHTMLTrace(spoilt(entries), {
      children: Object.fromEntries(Object.entries(children).map(([id, list]) => [id, spoilt(list)])),
    })
    const { page, requests } = await open(html)
    await page.getByRole('button', { name: 'Open all' }).click()
    expect(await page.evaluate('window.taken')).toBeUndefined()
    expect(requests).toEqual([])
    expect(await page.locator('script').count()).toBe(1)
    expect(await page.locator('img, base').count()).toBe(0)
    expect(await page.title()).toBe(`${attack}Why is the order page slow?`)
    await page.close()
  })

  it('can be read without its script', async () => {
    const { page } = await open(toHTMLTrace(longSession().entries), { javaScriptEnabled: false })
    expect(await page.getByText('tool calls').isVisible()).toBe(true)
    const row = page.locator('summary', { hasText: 'npm test' })
    await row.click()
    expect(await page.getByText('byState returns old orders, too').isVisible()).toBe(true)
    expect(await page.getByRole('button').count()).toBe(0)
    await page.close()
  })

  it('shows sub-agents below the calls that began them, and failures alone where asked', async () => {
    const { entries, children } = longSession()
    const { page } = await open(toHTMLTrace(entries, { children }))
    const nested = page.locator('.row.spawn .row.spawn .row.fails', { hasText: 'grep -c orders_by_state' })
    expect(await nested.locator('summary').isVisible()).toBe(true)
    await page.getByRole('button', { name: 'Failures only' }).click()
    expect(await nested.locator('summary').isVisible()).toBe(true)
    expect(await page.getByText('part 1: is there').isVisible()).toBe(false)
    expect(await page.getByText('OverloadedError: 529').isVisible()).toBe(true)
    await page.close()
  })

  it.each(['light', 'dark'] as const)('fits on a phone, in the %s', async (colorScheme) => {
    const { entries, children } = longSession()
    const { page } = await open(toHTMLTrace(entries, { children }), {
      viewport: { width: 360, height: 800 },
      colorScheme,
    })
    await page.getByRole('button', { name: 'Open all' }).click()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    // A sub-agent's rows are further in, and on the same line of time.
    const axes = `[...document.querySelectorAll('.bar')].map((bar) => bar.getBoundingClientRect()).map(({ left, right }) => left + '–' + right)`
    expect(new Set(await page.evaluate<string[]>(axes)).size).toBe(1)
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(22, 21, 19)' : 'rgb(251, 250, 248)')
    await page.close()
  })

  it('may have a thousand calls with long results', async () => {
    const journal = buildJournal().prompt('Do it a thousand times.')
    for (let n = 0; n < 1_000; n++) {
      const one = toolUse(`toolu_${n}`, 'Read', { file_path: `src/file-${n}.ts` })
      journal
        .reply([one], 800, { input_tokens: 100, output_tokens: 20 })
        .call(one, 'line of a file\n'.repeat(2_000), 40)
    }
    const html = toHTMLTrace(journal.turn().entries)
    expect(html.length).toBeLessThan(12_000_000)
    const { page } = await open(html)
    expect(await page.locator('.row.call').count()).toBe(1_000)
    await page.getByRole('button', { name: 'Open all' }).click()
    expect(await page.locator('.row[open]').count()).toBe(2_000)
    await page.close()
  })
})
