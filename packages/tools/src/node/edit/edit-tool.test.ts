import { Buffer } from 'node:buffer'
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { editText } from './edit-text.ts'

const folder = workFolder()
const { cwd, write, call } = folder
const text = (name = 'a') => readFileSync(join(cwd, name), 'utf8')
const bytes = (name = 'a') => readFileSync(join(cwd, name))

async function edit(old_string: string, new_string: string, more: object = {}) {
  return call('Edit', { file_path: 'a', old_string, new_string, ...more })
}

/** A file that the model has read. */
async function known(content: string | Uint8Array, name = 'a') {
  write(name, content)
  await call('Read', { file_path: name })
}

const refused = (reason: string) => ({ isError: true, text: expect.stringContaining(reason) })

describe('what is replaced', () => {
  it('is the one place that fits, and nothing else', async () => {
    await known('one\ntwo\nthree\n')
    expect(await edit('two', '2')).toMatchObject({ isError: false, text: 'Replaced in a, line 2.' })
    expect(text()).toBe('one\n2\nthree\n')
    expect(await edit('2\nthree\n', '')).toMatchObject({ isError: false })
    expect(text()).toBe('one\n')
  })

  it('is every place, if asked', async () => {
    await known('x y\nx\nz x\n')
    expect(await edit('x', 'xx', { replace_all: true })).toMatchObject({
      text: 'Replaced 3 times in a, lines 1, 2, 3.',
    })
    expect(text()).toBe('xx y\nxx\nz xx\n')
    await known('q\n'.repeat(20))
    expect((await edit('q', 'r', { replace_all: true })).text).toContain(
      'lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 10 more',
    )
  })

  it('is taken as it is: no pattern, and no reference in what is put in', async () => {
    await known('a.c abc $1\n')
    await edit('a.c', '$& $1 $$ \\n')
    expect(text()).toBe('$& $1 $$ \\n abc $1\n')
  })

  it('is what split and join replace, in any text', () => {
    const unit = fc.constantFrom('a', 'b', '\n', ' ', 'é')
    const any = fc.string({ unit })
    fc.assert(
      fc.property(any, fc.string({ unit, minLength: 1, maxLength: 4 }), any, (text, from, to) => {
        const parts = text.split(from)
        const run = (all: boolean) => editText(text, { from, to, all }).text
        if (parts.length === 1) return void expect(() => run(true)).toThrow('not in the file')
        expect(run(true)).toBe(parts.join(to))
        if (parts.length === 2) expect(run(false)).toBe(parts.join(to))
        else expect(() => run(false)).toThrow(`${parts.length - 1} times`)
      }),
      { numRuns: 500 },
    )
  })
})

describe('what is kept', () => {
  it('is the kind of line breaks', async () => {
    await known('one\r\ntwo\r\nthree\r\n')
    expect(await edit('one\ntwo', '1\n2\n2.5')).toMatchObject({ isError: false })
    expect(text()).toBe('1\r\n2\r\n2.5\r\nthree\r\n')
    await edit('three', '3\n4')
    expect(text()).toBe('1\r\n2\r\n2.5\r\n3\r\n4\r\n')
    await edit('\n4\n', '\n')
    expect(text()).toBe('1\r\n2\r\n2.5\r\n3\r\n')
    await known('one\ntwo\n')
    await edit('two', '2\r\n3')
    expect(text()).toBe('one\n2\r\n3\n')
  })

  it('is either kind where a file has both', async () => {
    await known('a\r\nb\r\nc\nd\ne\r\nf')
    await edit('c\nd', 'C\nD')
    expect(text()).toBe('a\r\nb\r\nC\nD\ne\r\nf')
    await edit('a\nb', 'A\nB')
    expect(text()).toBe('A\r\nB\r\nC\nD\ne\r\nf')
    await edit('D\ne\nf', 'x')
    expect(text()).toBe('A\r\nB\r\nC\nx')
    await known('a\r\nb\nc\n')
    await edit('b', 'b\nB')
    expect(text()).toBe('a\r\nb\nB\nc\n')
  })

  it('is the same as in a file with LF alone, for every place', () => {
    const unit = fc.constantFrom('a', 'b', '\n')
    fc.assert(
      fc.property(
        fc.string({ unit }),
        fc.string({ unit, minLength: 1, maxLength: 3 }),
        fc.string({ unit }),
        (lf, from, to) => {
          const crlf = lf.replaceAll('\n', '\r\n')
          const run = (text: string) => {
            try {
              return editText(text, { from, to, all: true })
            } catch {
              return undefined
            }
          }
          const plain = run(lf)
          const windows = run(crlf)
          expect(windows?.lines).toEqual(plain?.lines)
          if (lf.includes('\n')) expect(windows?.text).toBe(plain?.text.replaceAll('\n', '\r\n'))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('leaves what is not replaced alone, however the two kinds are mixed', () => {
    const mixed = fc.array(fc.constantFrom('a', 'b', '\n', '\r\n')).map((parts) => parts.join(''))
    const some = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 3 })
    const plain = (text: string) => text.replaceAll('\r\n', '\n')
    fc.assert(
      fc.property(mixed, some, (text, from) => {
        const parts = plain(text).split(from)
        if (parts.length === 1) return
        // A mark that is nowhere else shows where each piece of the original went.
        const result = editText(text, { from, to: '#', all: true }).text
        expect(plain(result)).toBe(parts.join('#'))
        const pattern = result.split('#').join(plain(from).replaceAll('\n', '\r?\n'))
        expect(text).toMatch(new RegExp(`^${pattern}$`))
      }),
      { numRuns: 500 },
    )
  })

  it('is a byte order mark, UTF-16, and what is no text in any encoding', async () => {
    await known('\ufeffone ü\n')
    await edit('one', 'two 漢')
    expect(text()).toBe('\ufefftwo 漢 ü\n')
    const little = Buffer.from('\ufeffone ü\r\n😀', 'utf16le')
    await known(little)
    await edit('ü\n😀', '漢\n!')
    expect(bytes()).toEqual(Buffer.from('\ufeffone 漢\r\n!', 'utf16le'))
    await known(Buffer.from(little).swap16())
    await edit('one', 'two')
    expect(bytes()).toEqual(Buffer.from('\ufefftwo ü\r\n😀', 'utf16le').swap16())
    await known(Uint8Array.of(0xff, 0x0a, 0x61, 0xe4, 0x0a, 0xc3))
    await edit('a', 'b')
    expect([...bytes()]).toEqual([0xff, 0x0a, 0x62, 0xe4, 0x0a, 0xc3])
  })

  it('is the encoding, into which goes nothing of another one', async () => {
    // 日本 in Shift-JIS, and ソ, whose second half is a backslash.
    const shiftJIS = Uint8Array.of(...Buffer.from('key=1\n# '), 0x93, 0xfa, 0x96, 0x7b, 0x83, 0x5c, 0x0a)
    await known(shiftJIS)
    expect(await edit('key=1', 'key=日本')).toMatchObject(refused('in another encoding than UTF-8'))
    expect(await edit('\\', '/')).toMatchObject(refused('begin it elsewhere'))
    expect(bytes()).toEqual(Buffer.from(shiftJIS))
    expect(await edit('key=1', 'key=2')).toMatchObject({ isError: false })
    expect([...bytes()]).toEqual([...Buffer.from('key=2\n'), ...shiftJIS.subarray(6)])
  })

  it('is the mode, and a link to the file', async () => {
    await known('x')
    // More than the mask of new files leaves.
    chmodSync(join(cwd, 'a'), 0o777)
    symlinkSync('a', join(cwd, 'link'))
    expect(await edit('x', 'y', { file_path: 'link' })).toMatchObject({ isError: false })
    expect(text()).toBe('y')
    expect(statSync(join(cwd, 'a')).mode & 0o777).toBe(0o777)
  })
})

describe('what is refused', () => {
  it('is a file that was not read, or that has changed since', async () => {
    write('fresh', 'x')
    expect(await edit('x', 'y', { file_path: 'fresh' })).toMatchObject(refused('you have not read it: use Read first'))
    await known('x')
    write('a', 'x and more')
    expect(await edit('x', 'y')).toMatchObject(refused('has changed since you read it: use Read again'))
    expect(text()).toBe('x and more')
    await known('x')
    await edit('x', 'y')
    expect(await edit('y', 'z')).toMatchObject({ isError: false })
  })

  it('is text that is not there, with a word on why', async () => {
    await known('function a() {\n\treturn 1\n}\n')
    expect(await edit('nothing', 'x')).toMatchObject(refused('not in the file. Use Read'))
    expect(await edit('function a() {\n  return 1', 'x')).toMatchObject(refused('with other spaces'))
    expect(await edit('     1\tfunction a() {\n     2\t\treturn 1', 'x')).toMatchObject(refused('leave them out'))
    expect(await edit('   \n ', 'x')).toMatchObject(refused('not in the file'))
    expect(await edit('\n\n', 'x')).toMatchObject(refused('not in the file. Use Read'))
    expect(text()).toBe('function a() {\n\treturn 1\n}\n')
    for (const content of ['say “it’s\u00a0me”\n', Buffer.from('\ufeffsay “it’s me”\n', 'utf16le')]) {
      await known(content)
      expect(await edit(`say "it's me"`, 'x')).toMatchObject(refused('quotation marks'))
    }
    await known(Uint8Array.of(0x61, 0xe4, 0x62, 0x0a))
    expect(await edit('a\ufffdb', 'x')).toMatchObject(refused('no UTF-8'))
  })

  it('is text that is there several times, with their lines', async () => {
    await known('a\nb\na\nc a\n')
    expect(await edit('a', 'x')).toMatchObject(refused('there 3 times, in lines 1, 3, 4: take in more'))
  })

  it('is a change to the same, an empty text, and other bad input', async () => {
    await known('x')
    expect(await edit('x', 'x')).toMatchObject(refused('the same'))
    expect(await edit('', 'x')).toMatchObject(refused('use Write'))
    const good = { file_path: 'a', old_string: 'x', new_string: 'y' }
    for (const wrong of [{ file_path: '' }, { old_string: 7 }, { new_string: undefined }, { replace_all: 'yes' }]) {
      expect(await call('Edit', { ...good, ...wrong })).toMatchObject({ isError: true })
    }
    expect(text()).toBe('x')
  })

  it('is a file that is missing, too large, binary, or outside', async () => {
    await known('x', 'config.yaml')
    const place = { old_string: 'x', new_string: 'y' }
    const cases = {
      'config.yml': 'Did you mean config.yaml?',
      '../a': 'outside',
      '.': 'is a folder',
      '/dev/stdin': 'outside',
    }
    for (const [file_path, reason] of Object.entries(cases)) {
      expect(await call('Edit', { file_path, ...place }), file_path).toMatchObject(refused(reason))
    }
    truncateSync(write('large', 'x\n'.repeat(10_000)), 21 * 2 ** 20)
    await call('Read', { file_path: 'large', limit: 1 })
    expect(await edit('x', 'y', { file_path: 'large' })).toMatchObject(refused('20 MiB'))
    await known(
      Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      ),
    )
    expect(await edit('PNG', 'x')).toMatchObject(refused('binary'))
  })

  it('is what would break a notebook', async () => {
    const file_path = 'a.ipynb'
    await known('{"cells":[{"source":["print(1)"]}],"name":"x"}', file_path)
    const broken = { file_path, old_string: 'print(1)', new_string: 'print("1")\nprint(2)' }
    expect(await call('Edit', broken)).toMatchObject(refused('use NotebookEdit'))
    const good = { file_path, old_string: '"x"', new_string: '"y"' }
    expect(await call('Edit', good)).toMatchObject({ isError: false })
  })

  it('is what would fill the memory, and nothing takes for ever', async () => {
    await known('a'.repeat(1_000_000))
    expect(await edit('a', 'b'.repeat(100_000), { replace_all: true })).toMatchObject(refused('too large'))
    const half = 'a'.repeat(100_000)
    expect(await edit(`${half}b${half}`, 'x')).toMatchObject(refused('not in the file'))
    await known(`a${' '.repeat(15_000_000)}b`)
    expect(await edit('a b', 'x')).toMatchObject(refused('with other spaces'))
    await known('a\n'.repeat(500_000))
    expect(await edit('a', 'b', { replace_all: true })).toMatchObject({ isError: false })
    expect(await edit('b\n', 'cc\n', { replace_all: true })).toMatchObject({ isError: false })
    expect(text()).toBe('cc\n'.repeat(500_000))
  })
})

it('loses no edit when many are made at once', async () => {
  await known(Array.from({ length: 20 }, (_, n) => `line ${n};`).join('\n'))
  const edits = Array.from({ length: 20 }, (_, n) => edit(`line ${n};`, `LINE ${n};`))
  for (const outcome of await Promise.all(edits)) expect(outcome).toMatchObject({ isError: false })
  expect(text()).not.toContain('line')
})

it('loses no edit when two conversations make one each at once', async () => {
  const other = workFolder({ cwd }).call
  for (let n = 0; n < 10; n++) {
    await known('one\ntwo\n')
    await other('Read', { file_path: 'a' })
    const outcomes = await Promise.all([
      edit('one', 'ONE'),
      other('Edit', { file_path: 'a', old_string: 'two', new_string: 'TWO' }),
    ])
    expect(outcomes.filter(({ isError }) => isError)).toMatchObject([refused('has changed since you read it')])
    expect(['ONE\ntwo\n', 'one\nTWO\n']).toContain(text())
  }
})

it('changes nothing once it is aborted, and leaves nothing behind', async () => {
  await known('x')
  expect(await call('Edit', { file_path: 'a', old_string: 'x', new_string: 'y' }, AbortSignal.abort())).toMatchObject({
    isError: true,
  })
  expect(text()).toBe('x')
  expect(readdirSync(cwd).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

it('has made the whole change or none when it is aborted in the middle', async () => {
  for (const ticks of [1, 2, 4, 8, 12, 16, 24]) {
    await known('x'.repeat(50_000))
    const controller = new AbortController()
    const input = { file_path: 'a', old_string: 'x', new_string: 'yy', replace_all: true }
    const done = call('Edit', input, controller.signal)
    for (let n = 0; n < ticks; n++) await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    await done
    // A call that was aborted is answered at once, and cleans up on its own time; the next waits for that.
    await edit('nothing', 'x')
    expect(readdirSync(cwd).filter((name) => name.endsWith('.tmp'))).toEqual([])
    expect(['x'.repeat(50_000), 'y'.repeat(100_000)]).toContain(text())
  }
})
