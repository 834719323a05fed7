import { Buffer } from 'node:buffer'
import { deflateSync } from 'node:zlib'
import { PDFDocument } from '@cantoo/pdf-lib'
import { beforeAll, describe, expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { countPages } from './count-pages.ts'
import { parsePages, takePages } from './pdf-pages.ts'

const { write, call } = workFolder()
const read = (name: string, more: object = {}) => call('Read', { file_path: name, ...more })
const refused = (reason: string) => ({ isError: true, text: expect.stringContaining(reason) })

/** A document whose nth page is n points wide more than a hundred. */
async function pdf(pages: number, useObjectStreams = true) {
  const document = await PDFDocument.create()
  for (let page = 1; page <= pages; page++) document.addPage([100 + page, 200])
  return Buffer.from(await document.save({ useObjectStreams }))
}

async function widths(result: Awaited<ReturnType<typeof read>>) {
  const [block] = result.blocks
  if (block?.type !== 'document' || block.source.type !== 'base64') throw new Error(result.text)
  const document = await PDFDocument.load(block.source.data)
  return document.getPages().map((page) => page.getWidth() - 100)
}

let long: Buffer
beforeAll(async () => {
  long = await pdf(150)
  write('long.pdf', long)
})

// Each call starts a thread and loads the library there, which takes its time on a busy machine.
describe('pages of a PDF', { timeout: 20_000 }, () => {
  it('are shown as a document of their own', async () => {
    const some = await read('long.pdf', { pages: '3-5' })
    expect(await widths(some)).toEqual([3, 4, 5])
    expect(some.text).toBe('<document>\n[Of 150 pages: 3-5.]')
    expect(await widths(await read('long.pdf', { pages: '150' }))).toEqual([150])
    expect(await widths(await read('long.pdf', { pages: '7, 1-2' }))).toEqual([7, 1, 2])
  })

  it('must be asked for where there are more than a hundred', async () => {
    expect(await read('long.pdf')).toMatchObject(refused('about 150 pages, and 100 can be shown at once'))
    write('plain.pdf', await pdf(101, false))
    expect(await read('plain.pdf')).toMatchObject(refused('about 101 pages'))
    const short = await pdf(100)
    write('short.pdf', short)
    expect((await read('short.pdf')).blocks).toEqual([
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: short.toString('base64') } },
    ])
  })

  it('are refused where there are none such', async () => {
    expect(await read('long.pdf', { pages: '150-151' })).toMatchObject(refused('has 150 pages: not all of those'))
    expect(await read('long.pdf', { pages: '1-21' })).toMatchObject(refused('at most 20 pages'))
    write('a.txt', 'text')
    expect(await read('a.txt', { pages: '1' })).toMatchObject(refused('no PDF'))
    for (const pages of ['', '0', '-1', '1-', '5-2', 'x', '1,,2', '1.5', '9999999', '1-999999', '1\n2', 5.5, ['5']]) {
      expect(await read('long.pdf', { pages }), `${pages}`).toMatchObject({ isError: true })
    }
  })

  it('are not taken out of what is broken or encrypted', async () => {
    const broken = {
      'empty.pdf': '%PDF-1.7\n%%EOF\n',
      'half.pdf': Buffer.concat([long.subarray(0, long.length / 2), Buffer.from('\n%%EOF\n')]),
      'noise.pdf': Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000, '<<[(/'), Buffer.from('\n%%EOF\n')]),
    }
    for (const [name, content] of Object.entries(broken)) {
      write(name, content)
      expect(await read(name, { pages: '1' }), name).toMatchObject(refused('The PDF is broken'))
    }
    write('locked.pdf', `${long.toString('latin1')}\ntrailer<</Encrypt 3 0 R>>\n%%EOF\n`)
    expect(await read('locked.pdf', { pages: '1' })).toMatchObject(refused('encrypted'))
  })

  const circle = '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>endobj'
  const endless = {
    circle: `${circle} trailer<</Root 1 0 R>>`,
    names: '/XRef'.repeat(5_000),
    streams: '/XRef stream\n'.repeat(500),
    deep: `1 0 obj${'['.repeat(10_000)}`,
  }
  it.each(Object.entries(endless))('are not looked for without end: %s', async (_, content) => {
    write('endless.pdf', `%PDF-1.7\n${content}\n%%EOF\n`)
    expect(await read('endless.pdf', { pages: '1' })).toMatchObject(refused('The PDF is broken'))
  })

  it('are not taken out of what unpacks without end', async () => {
    const bomb = deflateSync(Buffer.alloc(100 * 2 ** 20))
    const head = `%PDF-1.7\n1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length ${bomb.length}>>stream\n`
    write('bomb.pdf', Buffer.concat([Buffer.from(head), bomb, Buffer.from('\nendstream endobj\n%%EOF\n')]))
    expect(await read('bomb.pdf', { pages: '1' })).toMatchObject(refused('unpacks to more'))
    expect(await read('bomb.pdf')).toMatchObject(refused('unpacks to more'))
  })

  it.each([
    ['twice', '/Type/ObjStm/Filter[/FlateDecode/FlateDecode]'],
    ['under a name that is spelt otherwise', '/Type/Obj#53tm/Filter/FlateDecode'],
  ])('are not taken out of what is packed %s, and unpacks without end', async (_, entries) => {
    const once = deflateSync(Buffer.alloc(70 * 2 ** 20, ' '))
    const bomb = entries.includes('[') ? deflateSync(once) : once
    const catalog =
      '%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n'
    const head = `${catalog}3 0 obj<<${entries}/N 1/First 4/Length ${bomb.length}>>stream\n`
    const end = '\nendstream endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n'
    write('bomb.pdf', Buffer.concat([Buffer.from(head), bomb, Buffer.from(end)]))
    expect(await read('bomb.pdf', { pages: '1' })).toMatchObject(refused('unpacks to more'))
  })
})

it('leaves room for others while it is held up, and ends when it is aborted', async () => {
  const slow = Buffer.from(`%PDF-1.7\n${'/XRef'.repeat(1_000_000)}\n%%EOF\n`)
  const controller = new AbortController()
  const pages = takePages(slow, [1], controller.signal)
  setTimeout(() => controller.abort(new Error('enough')), 200)
  await expect(pages).rejects.toThrow('enough')
  await expect(takePages(slow, [1], controller.signal)).rejects.toThrow('enough')
})

it('counts pages, whether they are packed or not', async () => {
  for (const packed of [true, false]) {
    for (const pages of [1, 2, 60]) expect(countPages(await pdf(pages, packed))).toBe(pages)
  }
})

it('reads lists of pages', () => {
  expect(parsePages('3')).toEqual([3])
  expect(parsePages(' 1 , 4 - 6 ,2')).toEqual([1, 4, 5, 6, 2])
  expect(parsePages('1-20')).toHaveLength(20)
  expect(() => parsePages('1-10,11-21')).toThrow('at most 20')
})
