import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOutputTail } from './output-tail.ts'
import { toOutputText } from './output-text.ts'

/** A tail with the text in it, pushed in chunks of so many bytes. */
function tailOf(text: string, maxBytes: number, chunkBytes = Number.MAX_SAFE_INTEGER) {
  const tail = createOutputTail(maxBytes)
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += chunkBytes) tail.push(bytes.subarray(start, start + chunkBytes))
  return tail
}

describe('the tail of an output', () => {
  it('is everything where there is room, and its end where there is not', () => {
    expect(tailOf('', 5).read()).toEqual({ text: '', dropped: 0 })
    expect(tailOf('abcde', 5).read()).toEqual({ text: 'abcde', dropped: 0 })
    expect(tailOf('abcdef', 5).read()).toEqual({ text: 'bcdef', dropped: 1 })
    expect(tailOf('abcdef', 5).read(0, 2)).toEqual({ text: 'ef', dropped: 4 })
    expect(tailOf('abcdef', 5).read(3)).toEqual({ text: 'def', dropped: 0 })
    expect(tailOf('abcdef', 5).read(6)).toEqual({ text: '', dropped: 0 })
  })

  it('begins with a whole line or a whole character', () => {
    expect(tailOf('first\nsecond\nthird', 10).read()).toEqual({ text: 'third', dropped: 13 })
    expect(tailOf('one line\n', 5).read()).toEqual({ text: 'line\n', dropped: 4 })
    expect(tailOf('x😀y', 4).read()).toEqual({ text: 'y', dropped: 5 })
    expect(tailOf(`${'x'.repeat(5_000)}\nend`, 4_000).read().text).toHaveLength(4_000)
  })

  it('is the same however the output is cut into chunks', () => {
    const sizes = { max: fc.integer({ min: 1, max: 40 }), chunk: fc.integer({ min: 1, max: 90 }) }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), sizes.max, sizes.chunk, (text, max, chunk) => {
        const whole = tailOf(text, max).read()
        const bytes = Buffer.from(text)
        expect(tailOf(text, max, chunk).read()).toEqual(whole)
        expect(bytes.subarray(whole.dropped).toString()).toBe(whole.text)
        expect(bytes.length - whole.dropped).toBeLessThanOrEqual(max)
      }),
    )
  })

  it('can be read on from where it was read before', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{0,9}$/)), (parts) => {
        const tail = createOutputTail(1_000)
        let seen = 0
        const read = parts.map((part) => {
          tail.push(Buffer.from(part))
          const { text } = tail.read(seen)
          seen = tail.total
          return text
        })
        expect(read).toEqual(parts)
      }),
    )
  })

  it('can be read in whole characters, wherever its chunks end', () => {
    const text = 'a\u00e9漢😀z'
    const bytes = Buffer.from(text)
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 })).map((at) => at.sort((a, b) => a - b))
    fc.assert(
      fc.property(cuts, (at) => {
        const tail = createOutputTail(1_000)
        let seen = 0
        const read = [...at, bytes.length].map((end, index) => {
          tail.push(bytes.subarray(at[index - 1] ?? 0, end))
          const { text } = tail.read(seen, 1_000, tail.whole)
          seen = tail.whole
          return text
        })
        expect(read.join('')).toBe(text)
      }),
    )
    expect(tailOf('', 5).whole).toBe(0)
    const broken = createOutputTail(5)
    broken.push(Buffer.from([0x80, 0x80, 0x80, 0x80]))
    expect(broken.whole).toBe(4)
  })

  it('is a copy', () => {
    const tail = createOutputTail(10)
    const chunk = Buffer.from('abc')
    tail.push(chunk)
    chunk.fill('x')
    expect(tail.read().text).toBe('abc')
  })
})

describe('the text of an output', () => {
  it('has what was cut before it and notes after it', () => {
    expect(toOutputText({ text: 'a\n', dropped: 0 }, [])).toBe('a')
    expect(toOutputText({ text: '\n', dropped: 0 }, ['Exit code 1.', undefined])).toBe('[No output.]\n[Exit code 1.]')
    expect(toOutputText({ text: '  a', dropped: 7 }, ['b'])).toMatch(
      /^\[7 bytes before this are cut\..*\]\n {2}a\n\[b\]$/,
    )
  })

  it('shows of a line that is written over what a terminal shows in the end', () => {
    const show = (text: string) => toOutputText({ text, dropped: 0 }, [])
    expect(show('10%\r50%\r100%\ndone')).toBe('100%\ndone')
    expect(show('\r10%\r\r\r50%\r\nx')).toBe('50%\r\nx')
    expect(show('a\r\nb\r\n')).toBe('a\r\nb')
    expect(show('\r\r\na')).toBe('\r\na')
    expect(show(`${'\r'.repeat(1_000_000)}a`)).toBe('a')
  })

  it('is not that of an image or a program, but that of text with odd characters', () => {
    const show = (bytes: Buffer) => toOutputText({ text: bytes.toString(), dropped: 5 }, ['Exit code 0.'])
    const hidden = /^\[The output is binary, [^\n]*\]\n\[Exit code 0\.\]$/
    expect(show(gzipSync(randomBytes(20_000)))).toMatch(hidden)
    expect(show(readFileSync(process.execPath).subarray(0, 20_000))).toMatch(hidden)
    expect(show(Buffer.from('text'.repeat(1_000), 'utf16le'))).toMatch(hidden)
    expect(show(Buffer.from('größer als früher, '.repeat(100), 'latin1'))).toContain('gr\ufffd\ufffder als')
    expect(show(Buffer.from('漢字 и др. '.repeat(200)))).toContain('漢字 и др.')
    expect(show(Buffer.from('one.ts\0two.ts\0'.repeat(200)))).toContain('one.ts\u2400two.ts')
    expect(show(Buffer.from([0xff, 0, 1]))).toContain('\ufffd\u2400')
  })
})
