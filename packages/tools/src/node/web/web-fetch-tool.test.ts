import { Buffer } from 'node:buffer'
import { type AddressInfo, createServer as createTCPServer } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { gate } from '../../../test/mock-run.ts'
import { callOne } from '../../../test/one-tool.ts'
import { page, serve } from '../../../test/serve.ts'
import { fetchPage } from './fetch-page.ts'
import type { Lookup } from './http-get.ts'
import { type WebFetchOptions, webFetchTool } from './web-fetch-tool.ts'

/** WebFetch with the local network open to it. */
function fetcher(options: WebFetchOptions = {}) {
  const tool = webFetchTool({ allowPrivateAddresses: true, ...options })
  return (url: string, signal?: AbortSignal, more: object = {}) =>
    callOne(tool, { url, prompt: 'What?', ...more }, signal)
}

/** A look-up that answers with these addresses, one after the other, and then with the last one. */
function answering(...addresses: string[][]) {
  const asked: string[] = []
  const lookup: Lookup = (hostname, _, callback) => {
    const now = addresses[Math.min(asked.length, addresses.length - 1)]!
    asked.push(hostname)
    callback(
      null,
      now.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  return { lookup, asked }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('a page', () => {
  it('is shown as Markdown', async () => {
    const html = `<html><head><style>p{}</style><script>alert(1)</script></head><body><h1>Title</h1>
      <p>One <b>two</b> <a href="/x">link</a> <img alt="dot" src="data:image/png;base64,${'A'.repeat(5_000)}"></p>
      <pre><code>let a</code></pre></body></html>`
    const { url } = await serve(page(html, 'text/html; charset=utf-8'))
    const { text, isError } = await fetcher()(`${url}/a#part`)
    expect(isError).toBe(false)
    expect(text).toMatch(new RegExp(`^${url}/a\n\n# Title\n\nOne \\*\\*two\\*\\* \\[link\\]\\(/x\\)`))
    expect(text).toContain('let a')
    expect(text).not.toMatch(/alert|AAAA|p\{\}/)
  })

  it('is read although its tables are in disorder', async () => {
    for (const html of ['<tr><th>a</th><td>b</td></tr>c', 'a</td></table><td>b<table><th><tr>c', '<td'.repeat(9)]) {
      const { url } = await serve(page(`<p>before</p>${html}`))
      expect((await fetcher()(url)).text).toMatch(/\n\nbefore/)
    }
  })

  it('is shown as it is where it is text', async () => {
    const { url } = await serve(page('{"a": "<b>"}', 'application/json'))
    expect((await fetcher()(url)).text).toBe(`${url}/\n\n{"a": "<b>"}`)
  })

  it.each(['text/plain', 'application/ld+json', 'application/xml', 'text/css', ''])(
    'of type %j is text',
    async (type) => {
      const { url } = await serve(page('some words', type))
      expect(await fetcher()(url)).toMatchObject({ isError: false })
    },
  )

  it.each([
    ['image/png', 'x'],
    ['application/pdf', 'x'],
    ['', 'a\0b'],
    ['application/octet-stream', '\0'],
    ['text/plain', '%PDF-1.7\n\0\0'],
    ['text/html; charset=utf-8', '\x7fELF\0'],
  ])('of type %j with %j is nothing to read', async (type, body) => {
    const { url } = await serve(page(body, type))
    expect(await fetcher()(url)).toMatchObject({ isError: true, text: expect.stringMatching('nothing to read') })
  })

  it('is read in the characters that the server, the page or its first bytes name', async () => {
    const latin = Buffer.from('<p>caf\xe9</p>', 'latin1')
    const wide = Buffer.from('\ufeff<p>café</p>', 'utf16le')
    const handlers = [
      page(latin, 'text/html; charset=ISO-8859-1'),
      page(Buffer.concat([Buffer.from('<meta charset="windows-1252">'), latin])),
      page(wide, 'text/html'),
      page(wide.subarray(2), 'text/html; charset="UTF-16LE"'),
      page('<p>café</p>', 'text/html; charset=no-such-thing'),
    ]
    for (const handler of handlers) expect((await fetcher()((await serve(handler)).url)).text).toMatch(/café$/)
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('packed with %s is unpacked', async (encoding, pack) => {
    const { url } = await serve(page(pack('packed'), 'text/plain', { 'content-encoding': encoding }))
    expect((await fetcher()(url)).text).toMatch(/packed$/)
  })

  it('that is packed wrongly, or in an unknown way, is an error', async () => {
    for (const encoding of ['gzip', 'zstd-of-mine']) {
      const { url } = await serve(page('not packed', 'text/plain', { 'content-encoding': encoding }))
      expect(await fetcher()(url)).toMatchObject({ isError: true })
    }
  })

  it('that breaks off in the middle is an error, which says so', async () => {
    const half = gzipSync('half '.repeat(1_000)).subarray(0, 20)
    const packed = await serve(page(half, 'text/plain', { 'content-encoding': 'gzip' }))
    const plain = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 1_000 })
      response.write('half', () => response.destroy())
    })
    for (const { url } of [packed, plain]) {
      const { host } = new URL(url)
      expect(await fetcher()(url)).toMatchObject({
        isError: true,
        text: expect.stringMatching(`What ${host} sends breaks off`),
      })
    }
  })

  it('without text says so', async () => {
    const { url } = await serve(page('<p></p>'))
    expect((await fetcher()(url)).text).toMatch(/^The page has no text; scripts/)
  })

  it.each([403, 404, 500, 204])('that is answered with %i is an error', async (status) => {
    const { url } = await serve((_, response) => response.writeHead(status).end())
    expect(await fetcher()(url)).toMatchObject({ isError: true, text: expect.stringMatching(`answers ${status}`) })
  })
})

describe('the question about a page', () => {
  it('is answered by whoever is given, with the page as something that is not to be obeyed', async () => {
    const { url } = await serve(page('the content', 'text/plain'))
    const prompts: string[] = []
    const ask = async (prompt: string) => {
      prompts.push(prompt)
      return 'the answer'
    }
    expect((await fetcher({ ask })(url)).text).toBe('the answer')
    const [, mark] = /"(page-[-\da-f]{36})"/.exec(prompts[0]!)!
    expect(prompts[0]).toContain(`${mark}\nthe content\n${mark}`)
    expect(prompts[0]).toMatch(/What\?$/)
  })

  it('without an answer says so', async () => {
    const { url } = await serve(page('x', 'text/plain'))
    expect((await fetcher({ ask: () => ' ' })(url)).text).toContain('no answer')
  })

  it('fails with what the one asked throws', async () => {
    const { url } = await serve(page('x', 'text/plain'))
    const ask = () => Promise.reject(new Error('no credit'))
    expect(await fetcher({ ask })(url)).toMatchObject({ isError: true, text: expect.stringMatching('no credit') })
  })
})

describe('a redirect', () => {
  it('is followed on the same host', async () => {
    const { url, seen } = await serve((request, response) => {
      if (request.url === '/c') return page('here', 'text/plain')(request, response)
      response.writeHead(request.url === '/a' ? 301 : 307, { location: request.url === '/a' ? '/b' : `${url}/c` }).end()
    })
    expect((await fetcher()(`${url}/a`)).text).toMatch(/here$/)
    expect(seen).toEqual(['/a', '/b', '/c'])
  })

  it('may have an address that is not ASCII', async () => {
    const { url, seen } = await serve((request, response) => {
      if (request.url !== '/') return page('here', 'text/plain')(request, response)
      response.writeHead(302, { location: Buffer.from('/café 漢').toString('latin1') }).end()
    })
    expect((await fetcher()(url)).text).toMatch(/here$/)
    expect(seen[1]).toBe(encodeURI('/café 漢'))
  })

  it('to another host is reported, not followed', async () => {
    const other = await serve(page('secret'))
    for (const to of [
      `${other.url}/x?y=1`,
      'http://example.com/',
      '//example.com',
      `http://localhost:${other.port}/`,
    ]) {
      const { url } = await serve((_, response) => response.writeHead(302, { location: to }).end())
      const { text, isError } = await fetcher()(url)
      expect(isError).toBe(false)
      expect(text.split('\n')).toEqual([expect.stringMatching('another host'), new URL(to, 'http://a').href])
    }
    expect(other.connections).toBe(0)
  })

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'http://user:secret@127.0.0.1/', 'http://[', 'data:,x'])(
    'to %s is an error',
    async (location) => {
      const { url } = await serve((_, response) => response.writeHead(302, { location }).end())
      expect(await fetcher()(url)).toMatchObject({ isError: true })
    },
  )

  it('in a circle ends', async () => {
    const { url, seen } = await serve((_, response) => response.writeHead(302, { location: '/' }).end())
    expect(await fetcher()(url)).toMatchObject({ isError: true, text: expect.stringMatching('more than 10 times') })
    expect(seen).toHaveLength(11)
  })
})

describe('an address that is not public', () => {
  const closed = (lookup?: Lookup) => fetcher({ allowPrivateAddresses: false, ...(lookup && { lookup }) })

  it('is refused however it is written', async () => {
    const { port, ...server } = await serve(page('secret'))
    for (const host of [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.0.0.1',
      '0177.0.0.1',
      '%31%32%37.0.0.1',
      '１２７.0.0.1',
      '127。0。0。1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '0.0.0.0',
      '0',
      'localhost',
      'LOCALHOST',
      '169.254.169.254',
    ])
      expect((await closed()(`http://${host}:${port}/`)).text, host).toContain('not a public address')
    expect(server.connections).toBe(0)
  })

  it('is refused after its name was looked up, if it is but one of several', async () => {
    const server = await serve(page('secret'))
    for (const addresses of [['127.0.0.1'], ['93.184.215.14', '127.0.0.1'], ['::ffff:127.0.0.1'], ['fd00::1']]) {
      const { lookup } = answering(addresses)
      expect(await closed(lookup)(`http://innocent.example:${server.port}/`)).toMatchObject({
        isError: true,
        text: expect.stringMatching('innocent.example is not a public address'),
      })
    }
    expect(server.connections).toBe(0)
  })

  it('is not reached by a name that changes: what is checked is what is connected to', async () => {
    const server = await serve(page('secret', 'text/plain'))
    const { lookup, asked } = answering(['127.0.0.1'], ['127.0.0.2'])
    const checked: string[] = []
    const isAllowed = (address: string) => checked.push(address) > 0 && address === '127.0.0.1'
    const options = { lookup, isAllowed, maxBytes: 1_000, signal: new AbortController().signal }
    expect(await fetchPage(`http://a.example:${server.port}/`, options)).toEqual({ text: 'secret', cut: false })
    expect([asked.length, checked]).toEqual([1, ['127.0.0.1']])
  })

  it('is checked for https as well, which then asks for the host by its name', async () => {
    const hellos: string[] = []
    const server = createTCPServer((socket) => {
      socket.on('data', (data) => {
        hellos.push(data.toString('latin1'))
        socket.destroy()
      })
      socket.on('error', () => {})
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { lookup } = answering(['127.0.0.1'])
    const url = `https://a.example:${port}/`
    expect((await closed(lookup)(url)).text).toContain('not a public address')
    expect(hellos).toEqual([])
    expect((await fetcher({ lookup })(url)).text).toContain('cannot be reached')
    expect(hellos).toEqual([expect.stringMatching('a.example')])
  })

  it('is checked again after each redirect', async () => {
    const server = await serve((_, response) => response.writeHead(302, { location: '/inside' }).end())
    const { lookup } = answering(['127.0.0.1'], ['127.0.0.2'])
    const isAllowed = (address: string) => address === '127.0.0.1'
    const options = { lookup, isAllowed, maxBytes: 1_000, signal: new AbortController().signal }
    await expect(fetchPage(`http://a.example:${server.port}/`, options)).rejects.toThrow('not a public address')
    expect(server.seen).toEqual(['/'])
  })
})

describe('limits', () => {
  it('cut a page that is too long, packed or not, and say so', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, 'x'))
    const { url } = await serve((request, response) =>
      request.url === '/bomb'
        ? page(bomb, 'text/plain', { 'content-encoding': 'gzip' })(request, response)
        : page('y'.repeat(2_000_000), 'text/plain')(request, response),
    )
    const get = fetcher({ maxBytes: 5_000, maxPageChars: 4_000 })
    expect((await get(`${url}/bomb`)).text).toMatch(/\/bomb\n\nx{4000}\n\[The page is longer/)
    expect((await get(`${url}/long`)).text).toMatch(/\n\ny{4000}\n\[The page is longer/)
    expect((await fetcher({ maxBytes: 5_000 })(url)).text).toMatch(
      /\n\ny{5000}\n\[The page is longer: the rest is more than can be read\.\]$/,
    )
  })

  it('let a long page be read in parts, none of which ends inside of a character', async () => {
    const whole = 'a\ud83d\ude00b\n'.repeat(50)
    const { url, seen } = await serve(page(whole, 'text/plain'))
    const get = fetcher({ maxPageChars: 32 })
    const parts: string[] = []
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      const { text } = await get(url, undefined, { offset })
      const [, part = '', next] = /^http\S+\n\n(.*?)(?:\n\[The page is longer: go on with offset (\d+)\.\])?$/s.exec(
        text,
      )!
      expect(part.length).toBeLessThanOrEqual(32)
      parts.push(part)
      offset = next === undefined ? undefined : Number(next)
    }
    expect(parts.join('')).toBe(whole)
    expect(parts.map((part) => Buffer.from(part).toString())).toEqual(parts)
    expect(seen).toHaveLength(1)
    expect(await get(url, undefined, { offset: whole.length })).toMatchObject({
      isError: true,
      text: expect.stringContaining(`has ${whole.length} characters`),
    })
  })

  it('are told to the model, not only to the one that it asks', async () => {
    const { url } = await serve(page('x'.repeat(50), 'text/plain'))
    const ask = (prompt: string) => `seen: ${/x+/.exec(prompt.split('page-').at(-2)!)![0].length}`
    const get = fetcher({ ask, maxPageChars: 40 })
    expect((await get(url)).text).toBe('seen: 40\n[The page is longer: go on with offset 40.]')
    expect((await get(url, undefined, { offset: 40 })).text).toBe('seen: 10')
  })

  it('end an answer that does not come, or never ends', async () => {
    const silent = await serve(() => {})
    const slow = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const timer = setInterval(() => response.write('x'), 5)
      response.on('close', () => clearInterval(timer))
    })
    for (const { url } of [silent, slow]) {
      const { text, isError } = await fetcher({ timeoutMs: 60 })(url)
      expect([isError, text]).toEqual([true, expect.stringMatching('took longer than 60 ms')])
    }
  })

  it('do not wait for a server that goes over to another protocol', async () => {
    const server = createTCPServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.write('HTTP/1.1 101 Over\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    expect(await fetcher()(`http://127.0.0.1:${port}/`)).toMatchObject({
      isError: true,
      text: expect.stringMatching('gives no answer'),
    })
  })

  it('hold for pages that are made to take long, while everything else goes on', async () => {
    const { url } = await serve(page('<code>x'.repeat(500_000)))
    let turns = 0
    const timer = setInterval(() => turns++, 10)
    const get = fetcher({ timeoutMs: 500 })
    expect((await get(url)).text).toContain('took longer than 500 ms')
    clearInterval(timer)
    expect(turns).toBeGreaterThan(10)
  })

  it('hold for the abort of a call, which closes the connection', async () => {
    const asked = gate()
    const closed = gate()
    const { url } = await serve((request) => {
      request.on('close', closed.open)
      asked.open()
    })
    const controller = new AbortController()
    const called = fetcher()(url, controller.signal)
    await asked.opened
    controller.abort()
    expect(await called).toMatchObject({ isError: true, text: expect.stringMatching(/^Interrupted/) })
    await closed.opened
  })
})

describe('a page that was fetched', () => {
  it('is remembered for fifteen minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { url, seen } = await serve(page('x', 'text/plain'))
    const get = fetcher()
    await get(url)
    await get(`${url}/#elsewhere`)
    vi.advanceTimersByTime(15 * 60_000 - 1)
    await get(url)
    expect(seen).toHaveLength(1)
    vi.advanceTimersByTime(1)
    await get(url)
    expect(seen).toHaveLength(2)
  })

  it('is forgotten when there are many; one that failed is not remembered', async () => {
    const { url, seen } = await serve((request, response) =>
      request.url === '/none' ? response.writeHead(404).end() : page('x', 'text/plain')(request, response),
    )
    const get = fetcher()
    for (let n = 0; n < 21; n++) await get(`${url}/${n}`)
    await get(`${url}/20`)
    expect(seen).toHaveLength(21)
    await get(`${url}/0`)
    expect(seen).toHaveLength(22)
    await get(`${url}/none`)
    await get(`${url}/none`)
    expect(seen).toHaveLength(24)
  })

  it('is forgotten when others need the room, but never the last', async () => {
    const { url, seen } = await serve(page('x'.repeat(4_000_000), 'text/plain'))
    const get = fetcher()
    for (const name of ['a', 'b', 'a', 'b', 'c', 'c', 'b']) await get(`${url}/${name}`)
    expect(seen).toHaveLength(3)
    await get(`${url}/a`)
    expect(seen).toHaveLength(4)
  })
})

it.each([
  {},
  { url: 'http://example.com' },
  { url: 'http://example.com', prompt: '' },
  { url: 'example.com', prompt: 'x' },
  { url: 'ftp://example.com', prompt: 'x' },
  { url: 'file:///etc/passwd', prompt: 'x' },
  { url: 'http://user:pass@example.com', prompt: 'x' },
  { url: `http://example.com/${'x'.repeat(5_000)}`, prompt: 'x' },
  { url: 'http://', prompt: 'x' },
])('refuses %j', async (input) => {
  expect(await callOne(webFetchTool(), input)).toMatchObject({ isError: true })
})

it('says why a host cannot be reached', async () => {
  const lookup: Lookup = (_, __, callback) => callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
  expect(await fetcher({ lookup })('http://none.example/')).toMatchObject({
    isError: true,
    text: expect.stringMatching(/none\.example cannot be reached \(ENOTFOUND\)/),
  })
  expect((await fetcher()('http://127.0.0.1:1/')).text).toContain('ECONNREFUSED')
})

it('refuses limits that are none, and takes a time without end', () => {
  for (const limit of ['timeoutMs', 'maxBytes', 'maxPageChars']) {
    for (const value of [Number.NaN, 0, -1, '30']) {
      expect(() => webFetchTool({ [limit]: value })).toThrow(`webFetch.${limit} must be a number from 1 on`)
    }
  }
  expect(webFetchTool({ timeoutMs: Number.POSITIVE_INFINITY }).name).toBe('WebFetch')
})

it('waits as long as it takes where the time has no end', async () => {
  const { url } = await serve(page('slowly', 'text/plain'))
  const tool = webFetchTool({ allowPrivateAddresses: true, timeoutMs: Number.POSITIVE_INFINITY })
  expect(await callOne(tool, { url, prompt: 'What?' })).toMatchObject({ isError: false })
})
