import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { readText } from './read-text.ts'

const folder = workFolder()
const { cwd, write } = folder
const read = (file_path: string, range: object = {}) => folder.call('Read', { file_path, ...range })

describe('text', () => {
  it('comes with numbers as cat -n gives them', async () => {
    const path = write('a.txt', Array.from({ length: 120 }, (_, n) => `line ${n} ü 漢 😀`).join('\n'))
    const { text, isError } = await read('a.txt')
    expect(`${text}`).toBe(execFileSync('cat', ['-n', path], { encoding: 'utf8' }).replace(/\n$/, ''))
    expect(isError).toBe(false)
    expect((await read(path)).text).toBe(text)
  })

  it('is shown from anywhere, as far as asked, with a word on how to go on', async () => {
    write('four.txt', 'one\ntwo\nthree\nfour\n')
    expect((await read('four.txt', { offset: 2, limit: 2 })).text).toBe(
      '     2\ttwo\n     3\tthree\n[There is more: go on with offset 4.]',
    )
    expect((await read('four.txt', { offset: 3, limit: 2 })).text).toBe('     3\tthree\n     4\tfour')
    expect((await read('four.txt', { offset: 0, limit: 1 })).text).toContain('     1\tone')
    expect(await read('four.txt', { offset: 9 })).toMatchObject({
      isError: true,
      text: expect.stringContaining('has 4 lines: there is no line 9'),
    })
  })

  it('stops after 2,000 lines, where nothing else was asked for', async () => {
    write('long.txt', 'x\n'.repeat(2_001))
    const lines = (await read('long.txt')).text.split('\n')
    expect(lines).toHaveLength(2_001)
    expect(lines.at(-1)).toBe('[There is more: go on with offset 2001.]')
    write('just.txt', 'x\n'.repeat(2_000))
    expect((await read('just.txt')).text).not.toContain('more')
    expect((await read('long.txt', { limit: 5_000 })).text.split('\n')).toHaveLength(2_001)
  })

  it('cuts a long line at 2,000 characters, never inside one', async () => {
    write('wide.txt', `${'x'.repeat(1_999)}😀y\n${'z'.repeat(2_000)}\r\n${'w'.repeat(2_001)}`)
    const [first, second, third] = (await read('wide.txt')).text.split('\n')
    expect(first).toBe(`     1\t${'x'.repeat(1_999)} [cut: 2000 of 2002 characters]`)
    expect(second).toBe(`     2\t${'z'.repeat(2_000)}`)
    expect(third).toBe(`     3\t${'w'.repeat(2_000)} [cut: 2000 of 2001 characters]`)
  })

  it('stops at about 100,000 characters and loses no line over it', async () => {
    const all = Array.from({ length: 300 }, (_, n) => `${n}${'x'.repeat(1_500)}`)
    write('big.txt', all.join('\n'))
    const seen: string[] = []
    for (let offset = 1; ; ) {
      const { text } = await read('big.txt', { offset })
      expect(text.length).toBeLessThan(105_000)
      seen.push(...[...text.matchAll(/^ *\d+\t(.*)$/gm)].map(([, line]) => line!))
      const next = /go on with offset (\d+)/.exec(text)
      if (!next) break
      offset = Number(next[1])
    }
    expect(seen).toEqual(all)
  })

  it('knows Windows line breaks, byte order marks and UTF-16', async () => {
    write('crlf.txt', '\ufeffone\r\ntwo\r\n\r\nlast\r')
    expect((await read('crlf.txt')).text).toBe('     1\tone\n     2\ttwo\n     3\t\n     4\tlast')
    const text = 'ä\r\n漢😀\n'
    const little = Buffer.from(`\ufeff${text}`, 'utf16le')
    write('le.txt', little)
    write('be.txt', Buffer.from(little).swap16())
    for (const name of ['le.txt', 'be.txt']) expect((await read(name)).text).toBe('     1\tä\n     2\t漢😀')
  })

  it('keeps characters and line breaks whole that lie across its chunks', async () => {
    for (const shift of [0, 1, 2, 3]) {
      const lines = [`${'x'.repeat(1_000)}`, `${'y'.repeat(65_536 - 1_001 - 2 - shift)}😀`, 'z', 'ü']
      write('edge.txt', lines.join('\r\n'))
      expect((await read('edge.txt', { offset: 3 })).text, `${shift}`).toBe('     3\tz\n     4\tü')
      write('edge-2.txt', `${'x\n'.repeat(32_767 - shift)}😀\nend`)
      expect((await read('edge-2.txt', { offset: 32_768 - shift })).text).toContain('\t😀\n')
    }
  })

  it('shows what is not UTF-8 as well as it can', async () => {
    write('latin.txt', Uint8Array.of(0x61, 0xe4, 0x62, 0x0a, 0xc3))
    expect((await read('latin.txt')).text).toBe('     1\ta\ufffdb\n     2\t\ufffd')
    write('late-nul.txt', `${'text\n'.repeat(20_000)}\0`)
    expect((await read('late-nul.txt', { offset: 20_001 })).text).toBe(' 20001\t\u2400')
  })

  it('says that a file is empty', async () => {
    write('empty')
    write('mark-only', '\ufeff')
    write('newline', '\n')
    expect((await read('empty')).text).toBe('[The file is empty.]')
    expect((await read('mark-only')).text).toBe('[The file is empty.]')
    expect((await read('newline')).text).toBe('     1\t')
  })

  it('reads no more of a huge file than it shows', async () => {
    const path = write('huge.txt', 'line\n'.repeat(20_000))
    truncateSync(path, 1024 ** 4)
    const handle = await open(path)
    let bytes = 0
    const counted = new Proxy(handle, {
      get: (target, key) =>
        key === 'read'
          ? async (...args: Parameters<typeof handle.read>) => {
              const result = await target.read(...args)
              bytes += result.bytesRead
              return result
            }
          : Reflect.get(target, key),
    })
    const text = await readText(counted, { offset: 2, limit: 1 }, AbortSignal.any([]))
    await handle.close()
    expect(text).toBe('     2\tline\n[There is more: go on with offset 3.]')
    expect(bytes).toBeLessThanOrEqual(65_536)
  })

  it('cuts a line that goes on over many of its chunks', async () => {
    write('line.txt', `${'x'.repeat(2 ** 23)}\nend\n`)
    expect((await read('line.txt')).text).toMatch(/^ {5}1\tx{2000} \[cut: 2000 of 8388608 characters\]\n {5}2\tend$/)
  })
})

describe('what is no text', () => {
  const png = (width: number, height: number, dataBytes = 0) => {
    const number = (value: number) => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(value)
      return bytes
    }
    const chunk = (name: string, data: Buffer) => {
      const body = Buffer.concat([Buffer.from(name), data])
      return Buffer.concat([number(data.length), body, number(crc32(body))])
    }
    const head = Buffer.alloc(13)
    head.writeUInt32BE(width, 0)
    head.writeUInt32BE(height, 4)
    const chunks = [
      chunk('IHDR', head),
      chunk('IDAT', deflateSync(Buffer.alloc(dataBytes), { level: 0 })),
      chunk('IEND', Buffer.alloc(0)),
    ]
    return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks])
  }
  const samples = {
    'image/png': 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'image/gif': 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
    'image/jpeg':
      '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=',
    'image/webp': 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==',
  }

  it.each(Object.entries(samples))('%s is shown as such, whatever its name', async (media_type, data) => {
    write('picture.txt', Buffer.from(data, 'base64'))
    const { blocks } = await read('picture.txt')
    expect(blocks).toEqual([{ type: 'image', source: { type: 'base64', media_type, data } }])
  })

  it.each(Object.entries(samples))('a piece of %s is refused, since the API would refuse it', async (_, data) => {
    write('broken.png', Buffer.from(data, 'base64').subarray(0, 8))
    const { isError, text } = await read('broken.png')
    expect(text).toMatch(/broken|binary/)
    expect(isError).toBe(true)
  })

  it('refuses a PNG or WebP image whose end is missing', async () => {
    for (const type of ['image/png', 'image/webp'] as const) {
      write('cut.png', Buffer.from(samples[type], 'base64').subarray(0, -9))
      expect(await read('cut.png'), type).toMatchObject({ isError: true, text: expect.stringContaining('cut off') })
    }
  })

  it('refuses images of which there is no more than a beginning, or that were damaged', async () => {
    const bytes = Object.fromEntries(Object.entries(samples).map(([type, data]) => [type, Buffer.from(data, 'base64')]))
    const {
      'image/png': sample,
      'image/gif': gif,
      'image/jpeg': jpeg,
      'image/webp': webp,
    } = bytes as Record<string, Buffer>
    const whole = png(20, 20, 100)
    const noData = Buffer.concat([whole.subarray(0, 33), whole.subarray(-12)])
    const wrongSum = Buffer.from(whole)
    wrongSum[whole.length - 20]! ^= 1
    const cuts = [sample, gif, jpeg, webp].flatMap((one) => {
      // From where the size is known on, to just before the last byte that must be there.
      return Array.from({ length: one!.length - 10 }, (_, n) => one!.subarray(0, 10 + n))
    })
    for (const image of [noData, wrongSum, Buffer.from('GIF89a\x01\0\x01\0', 'latin1'), ...cuts]) {
      write('bad.png', image)
      const { isError, text } = await read('bad.png')
      expect({ isError, text }).toEqual({ isError: true, text: expect.stringMatching(/broken|binary/) })
    }
    write('good.png', whole)
    expect((await read('good.png')).text).toBe('<image>')
  })

  it('refuses images that are too large, in pixels or bytes', async () => {
    const webp = Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64')
    write('lossy.webp', webp)
    expect((await read('lossy.webp')).text).toBe('<image>')
    webp.writeUInt16LE(9_000, 26)
    const extended = Buffer.from('RIFF\x16\0\0\0WEBPVP8X....\0\0\0\0\x28\x23\0\0\0\0', 'latin1')
    const jpeg = Buffer.from(samples['image/jpeg'], 'base64')
    jpeg.writeUInt16BE(9_000, jpeg.indexOf('\xff\xc9', 'latin1') + 5)
    for (const image of [png(8_001, 5), png(5, 100_000), webp, extended, jpeg]) {
      write('large.png', image)
      const { isError, text } = await read('large.png')
      expect(text).toContain('at most 8000 a side')
      expect(isError).toBe(true)
    }
    write('heavy.png', png(10, 10, 5 * 2 ** 20))
    expect(await read('heavy.png')).toMatchObject({ isError: true, text: expect.stringContaining('more than the') })
    write('fits.png', png(8_000, 10, 2 ** 20))
    expect((await read('fits.png')).text).toBe('<image>')
  })

  it('shows a PDF as a document, unless the API would refuse it', async () => {
    const body =
      '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n'
    const pdf = `${body}xref\n0 0\ntrailer<</Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`
    write('a.pdf', pdf)
    expect((await read('a.pdf')).blocks).toEqual([
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: Buffer.from(pdf).toString('base64') },
      },
    ])
    const bad = {
      encrypted: pdf.replace('/Root', '/Encrypt 3 0 R/Root'),
      broken: pdf.slice(0, 40),
      'parts cannot be found': '%PDF-1.7 garbage /Type /Page %%EOF',
      'PDF is broken': pdf.replace(/startxref\n\d+/, 'startxref\n7'),
      'no page': pdf.replace('/Type/Page/', '/Type/Pagx/'),
      'more than the': pdf + ' '.repeat(10 * 2 ** 20),
    }
    for (const [reason, content] of Object.entries(bad)) {
      write('bad.pdf', content)
      expect(await read('bad.pdf')).toMatchObject({ isError: true, text: expect.stringContaining(reason) })
    }
  })

  it('refuses other binary files', async () => {
    write('a.bin', Uint8Array.of(1, 2, 0, 3))
    expect(await read('a.bin')).toMatchObject({ isError: true, text: expect.stringContaining('binary') })
  })

  it('lets what cannot be shown be replaced, when all of it was asked for', async () => {
    const replace = () => folder.call('Write', { file_path: 'b.bin', content: 'text' })
    write('b.bin', Uint8Array.of(1, 2, 0, 3))
    await read('b.bin', { limit: 1 })
    expect(await replace()).toMatchObject({ isError: true, text: expect.stringContaining('not read it') })
    await read('b.bin')
    expect(await replace()).toMatchObject({ isError: false })
  })
})

describe('notebooks', () => {
  const image = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const cells = [
    { cell_type: 'markdown', id: 'm1', source: ['# Title\n', 'text'] },
    {
      cell_type: 'code',
      source: 'print(1)',
      outputs: [
        { output_type: 'stream', text: ['1\n'] },
        {
          output_type: 'display_data',
          data: { 'image/png': `${image.slice(0, 60)}\n${image.slice(60)}\n`, 'text/plain': '<Figure>' },
        },
        { output_type: 'error', ename: 'E', evalue: 'bad', traceback: ['\u001b[31mE\u001b[0m: bad'] },
        { output_type: 'execute_result', data: { 'text/plain': '42' } },
        { output_type: 'display_data', data: { 'image/png': 'bm90IGFuIGltYWdl' } },
      ],
    },
  ]

  it('are shown as cells with what they put out', async () => {
    write('a.ipynb', `\ufeff${JSON.stringify({ cells, nbformat: 4 })}`)
    const { text, blocks } = await read('a.ipynb')
    expect(text).toBe(
      [
        '[Cell 1, markdown, id "m1"]\n# Title\ntext',
        '[Cell 2, code]\nprint(1)',
        '[Output]\n1\n',
        '<image>',
        '[Output]\nE: bad',
        '[Output]\n42',
        '[An image is left out: it is broken.]',
      ].join('\n'),
    )
    expect(blocks[3]).toEqual({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } })
  })

  it('are shown in part, counted in cells', async () => {
    const many = Array.from({ length: 5 }, (_, n) => ({ cell_type: 'code', source: `s${n}` }))
    write('many.ipynb', JSON.stringify({ cells: many }))
    expect((await read('many.ipynb', { offset: 2, limit: 2 })).text).toBe(
      '[Cell 2, code]\ns1\n[Cell 3, code]\ns2\n[There is more: go on with offset 4, which counts cells.]',
    )
    expect((await read('many.ipynb', { offset: 6 })).text).toContain('has 5 cells')
    const wide = Array.from({ length: 20 }, () => ({ cell_type: 'code', source: 'x'.repeat(30_000) }))
    write('wide.ipynb', JSON.stringify({ cells: wide }))
    const { text } = await read('wide.ipynb')
    expect(text.length).toBeLessThan(130_000)
    expect(text).toContain('[cut: 20000 of 30000 characters]')
    expect(text).toContain('go on with offset 6')
  })

  it('are shown with so much of what one cell put out as has room, and a word on the rest', async () => {
    const put = async (count: number, output: object) => {
      const outputs = Array.from({ length: count }, () => output)
      write('put.ipynb', JSON.stringify({ cells: [{ cell_type: 'code', source: 's', outputs }] }))
      return read('put.ipynb')
    }
    const broad = await put(90, { output_type: 'stream', text: 'x'.repeat(9_000) })
    expect(broad.text.length).toBeLessThan(120_000)
    expect(broad.text).toMatch(/\[The rest of what this cell put out is left out\.\]$/)
    const many = await put(100_000, { output_type: 'stream', text: 'x' })
    expect(many.blocks).toHaveLength(102)
    expect(many.text).toMatch(/\[99900 more outputs of this cell are left out\.\]$/)
    const pictures = await put(50, { output_type: 'display_data', data: { 'image/png': image } })
    expect(pictures.blocks.filter(({ type }) => type === 'image')).toHaveLength(20)
    expect(pictures.text).toContain('[An image is left out: there are too many in one result.]')
  })

  it('with nonsense in them are shown as far as they make sense, and otherwise as text', async () => {
    const odd = [
      null,
      7,
      'x',
      {},
      { cell_type: {}, source: 5, outputs: [null, 1, { data: 3 }, { output_type: 'error' }] },
    ]
    write('odd.ipynb', JSON.stringify({ cells: odd }))
    expect((await read('odd.ipynb')).isError).toBe(false)
    write('none.ipynb', '{"cells":[]}')
    expect((await read('none.ipynb')).text).toBe('[The notebook has no cells.]')
    for (const json of ['{"cells":', 'null', '[]', '{"cells":{}}']) {
      write('not.ipynb', json)
      expect((await read('not.ipynb')).text).toBe(`     1\t${json}`)
    }
  })
})

describe('bad input', () => {
  it('says what stands beside a missing file', async () => {
    write('config.yaml')
    write('src/read-tool.ts')
    const cases = {
      'config.yml': 'Did you mean config.yaml?',
      'Config.YAML': 'Did you mean config.yaml?',
      'confgi.yaml': 'Did you mean config.yaml?',
      'src/readtool.ts': 'Did you mean read-tool.ts?',
      'src/entirely-different': 'Glob shows what there is.',
      'nowhere/a.ts': `neither does the folder ${join(cwd, 'nowhere')}`,
      'config.yaml/a': 'does not exist',
    }
    for (const [name, hint] of Object.entries(cases)) {
      expect(await read(name), name).toMatchObject({ isError: true, text: expect.stringContaining(hint) })
    }
  })

  it('refuses folders, pipes, devices and what leads outside', async () => {
    mkdirSync(join(cwd, 'folder'))
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    symlinkSync('/dev/zero', join(cwd, 'zero'))
    symlinkSync('pipe', join(cwd, 'pipe-link'))
    symlinkSync('/dev/stdin', join(cwd, 'stdin'))
    const server = createServer().listen(join(cwd, 'socket'))
    onTestFinished(() => void server.close())
    const cases = {
      socket: 'regular',
      '/dev/stdin': 'outside',
      '/dev/tty': 'outside',
      '/dev/fd/0': 'outside',
      '/proc/self/fd/0': 'outside',
      '/proc/self/root/etc/passwd': 'outside',
      'file:///etc/passwd': 'does not exist',
      '~/.ssh/id_rsa': 'does not exist',
      '\\\\?\\C:\\secret': 'does not exist',
      'C:\\Windows\\win.ini': 'does not exist',
      folder: 'use Glob',
      '.': 'use Glob',
      pipe: 'regular',
      'pipe-link': 'regular',
      zero: 'outside',
      // Where it leads depends on what the tests are started with.
      stdin: '',
      '/etc/passwd': 'outside',
    }
    for (const [name, reason] of Object.entries(cases)) {
      expect(await read(name), name).toMatchObject({ isError: true, text: expect.stringContaining(reason) })
    }
  })

  it.runIf(process.getuid?.() !== 0)('says that a file must not be read', async () => {
    chmodSync(write('locked.txt', 'x'), 0)
    expect((await read('locked.txt')).text).toContain('cannot be read (EACCES)')
  })

  it('refuses input that does not fit', async () => {
    const inputs = [
      {},
      { file_path: '' },
      { file_path: 7 },
      { file_path: 'a', offset: -1 },
      { file_path: 'a', limit: 0 },
      { file_path: 'a', offset: 1.5 },
      { file_path: 'a', limit: '3' },
    ]
    for (const input of inputs) expect(await folder.call('Read', input)).toMatchObject({ isError: true })
  })
})

it('stops reading when it is aborted, and closes the file', async () => {
  const path = write('abort.txt', 'x\n'.repeat(200_000))
  const handle = await open(path)
  const controller = new AbortController()
  let reads = 0
  const watched = new Proxy(handle, {
    get: (target, key) => {
      if (key !== 'read') return Reflect.get(target, key)
      if (++reads === 2) controller.abort(new Error('enough'))
      return target.read.bind(target)
    },
  })
  await expect(readText(watched, { offset: 1e9, limit: 1 }, controller.signal)).rejects.toThrow('enough')
  expect(reads).toBe(2)
  await handle.close()
  expect(await folder.call('Read', { file_path: 'abort.txt' }, AbortSignal.abort())).toMatchObject({ isError: true })
})
