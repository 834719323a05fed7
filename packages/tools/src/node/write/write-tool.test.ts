import { Buffer } from 'node:buffer'
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { toolset } from '../../index.ts'
import { createFileState, readTool, writeTool } from '../index.ts'

function tree() {
  const folder = workFolder()
  return {
    ...folder,
    put: (file_path: string, content: string, signal?: AbortSignal) =>
      folder.call('Write', { file_path, content }, signal),
    read: (file_path: string) => folder.call('Read', { file_path }),
    text: (name: string) => readFileSync(join(folder.cwd, name), 'utf8'),
    /** Everything below, to see that nothing is left over. */
    names: () => (readdirSync(folder.cwd, { recursive: true }) as string[]).sort(),
  }
}

const refused = (reason: string) => ({ isError: true, text: expect.stringContaining(reason) })

describe('a new file', () => {
  it('is made with the folders that it needs, and nothing else', async () => {
    const { cwd, put, text, names } = tree()
    const content = 'line\r\nü 漢 😀\u0000\n'
    expect(await put('a/b/c.txt', content)).toMatchObject({ isError: false, text: `Created ${cwd}/a/b/c.txt.` })
    expect(text('a/b/c.txt')).toBe(content)
    await put(join(cwd, 'a', 'empty'), '')
    expect(text('a/empty')).toBe('')
    expect(names()).toEqual(['a', 'a/b', 'a/b/c.txt', 'a/empty'])
    expect(statSync(join(cwd, 'a/empty')).mode & 0o777).toBe(0o666 & ~process.umask())
    expect(statSync(join(cwd, 'a/empty')).nlink).toBe(1)
  })

  it('is known at once: it can be replaced without reading it', async () => {
    const { put, text } = tree()
    await put('a', 'one')
    expect(await put('a', 'two')).toMatchObject({ isError: false })
    expect(text('a')).toBe('two')
  })

  it('comes about once, when many want to make it', async () => {
    const { cwd, names } = tree()
    const tools = () => toolset([writeTool({ cwd })])
    const writes = Array.from({ length: 10 }, (_, n) => {
      const input = { file_path: 'a', content: `${n}` }
      return tools().call({ type: 'tool_use', id: `toolu_${n}`, name: 'Write', input })
    })
    const results = await Promise.all(writes)
    expect(results.filter(({ is_error }) => !is_error)).toHaveLength(1)
    expect(names()).toEqual(['a'])
  })
})

describe('a file that is there', () => {
  it('is left alone unless it was read', async () => {
    const { write, put, read, text } = tree()
    write('a', 'old')
    expect(await put('a', 'new')).toMatchObject(refused('you have not read it: use Read first'))
    expect(text('a')).toBe('old')
    await read('a')
    expect(await put('a', 'new')).toMatchObject({ isError: false })
    expect(text('a')).toBe('new')
  })

  it('is left alone if it has changed since, even where its time and size say nothing', async () => {
    const { write, put, read, text } = tree()
    const path = write('a', 'one', 1_000)
    await read('a')
    write('a', 'two', 1_000)
    expect(await put('a', 'new')).toMatchObject(refused('has changed since you read it'))
    expect(text('a')).toBe('two')
    await read('a')
    utimesSync(path, 5_000, 5_000)
    expect(await put('a', 'new')).toMatchObject({ isError: false })
  })

  it('keeps its mode, and its owner where we may say so', async () => {
    const { write, put, read } = tree()
    const path = write('run.sh', 'old')
    chmodSync(path, 0o751)
    if (process.getuid?.() === 0) chownSync(path, 12, 34)
    const { uid, gid } = statSync(path)
    await read('run.sh')
    await put('run.sh', 'new')
    expect(statSync(path)).toMatchObject({ uid, gid })
    expect(statSync(path).mode & 0o777).toBe(0o751)
  })

  it('is left alone if it is marked read-only', async () => {
    const { write, put, read, text, names } = tree()
    chmodSync(write('a', 'old'), 0o444)
    await read('a')
    expect(await put('a', 'new')).toMatchObject(refused('read-only'))
    expect(text('a')).toBe('old')
    expect(names()).toEqual(['a'])
  })

  it('is replaced behind a link, which stays', async () => {
    const { cwd, write, put, read, text } = tree()
    write('sub/real', 'old')
    symlinkSync('sub/real', join(cwd, 'link'))
    expect(await put('link', 'new')).toMatchObject(refused('not read'))
    await read('link')
    expect(await put('link', 'new')).toMatchObject({ isError: false, text: `Replaced ${cwd}/sub/real.` })
    expect(lstatSync(join(cwd, 'link')).isSymbolicLink()).toBe(true)
    expect(text('sub/real')).toBe('new')
    expect(await put('sub/real', 'newer')).toMatchObject({ isError: false })
  })

  it('parts from other names for the same content, so that a file outside keeps its own', async () => {
    const { top, cwd, put, read, text } = tree()
    writeFileSync(join(top, 'outside'), 'old')
    linkSync(join(top, 'outside'), join(cwd, 'hard'))
    await read('hard')
    await put('hard', 'new')
    expect(text('hard')).toBe('new')
    expect(readFileSync(join(top, 'outside'), 'utf8')).toBe('old')
  })

  it('is never seen half written', async () => {
    const { cwd, put } = tree()
    const size = 100_000
    await put('a', 'x'.repeat(size))
    const path = join(cwd, 'a')
    let over = false
    const writing = (async () => {
      for (let n = 0; n < 8; n++) expect(await put('a', `${n}`.repeat(size))).toMatchObject({ isError: false })
      over = true
    })()
    while (!over) {
      const content = readFileSync(path)
      if (!content.equals(Buffer.alloc(size, content[0]))) throw new Error('a part of it was seen')
      await new Promise((resolve) => setImmediate(resolve))
    }
    await writing
  })

  it('is worked on by one call at a time', async () => {
    const { cwd, write } = tree()
    write('a', '')
    const files = createFileState()
    const tools = toolset([readTool({ cwd, files }), writeTool({ cwd, files })])
    const call = (name: string, input: object) => tools.call({ type: 'tool_use', id: 'toolu_1', name, input })
    await call('Read', { file_path: 'a' })
    const writes = Array.from({ length: 5 }, (_, n) => call('Write', { file_path: 'a', content: `${n}` }))
    expect((await Promise.all(writes)).every(({ is_error }) => !is_error)).toBe(true)
    expect(readFileSync(join(cwd, 'a'), 'utf8')).toMatch(/^\d$/)
  })
})

it('works in the folders that were added, too', async () => {
  const { top, call } = workFolder({ additionalDirectories: ['../more', '../more/inner'] })
  mkdirSync(join(top, 'more', 'inner'), { recursive: true })
  for (const file_path of ['../more/a/b', join(top, 'more', 'inner', 'c')]) {
    expect(await call('Write', { file_path, content: 'old' })).toMatchObject({ isError: false })
    expect(await call('Edit', { file_path, old_string: 'old', new_string: 'new' })).toMatchObject({ isError: false })
  }
  expect(readFileSync(join(top, 'more', 'a', 'b'), 'utf8')).toBe('new')
  expect((await call('Grep', { pattern: 'new', path: '../more' })).text.split('\n').sort()).toEqual(
    ['a/b', 'inner/c'].map((name) => join(top, 'more', name)),
  )
  expect(await call('Write', { file_path: '../mor', content: '' })).toMatchObject(refused('outside'))
})

describe('what is refused', () => {
  it('is a folder, a pipe, a socket, a device, and whatever lies outside', async () => {
    const { top, cwd, put, write } = tree()
    mkdirSync(join(cwd, 'folder'))
    write('file')
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    symlinkSync('/dev/stdout', join(cwd, 'stdout'))
    symlinkSync(join(top, 'not-yet'), join(cwd, 'dangling'))
    symlinkSync(top, join(cwd, 'up'))
    const server = createServer().listen(join(cwd, 'socket'))
    onTestFinished(() => void server.close())
    const cases = {
      folder: 'is a folder',
      '.': 'is a folder',
      'folder/': 'names a folder',
      'new/': 'names a folder',
      pipe: 'not a regular file',
      socket: 'not a regular file',
      stdout: '',
      dangling: 'leads nowhere',
      'file/a': 'before its last is no folder',
      'file/a/b': 'before its last is no folder',
      '../a': 'outside',
      'up/a': 'outside',
      'up/new/a': 'outside',
      [join(top, 'a')]: 'outside',
      '/dev/null': 'outside',
      '/dev/stdin': 'outside',
      '/proc/self/cwd/a': 'outside',
      '/proc/self/fd/1': 'outside',
      '/proc/self/mem': 'outside',
      'a\0b': 'NUL',
      [`x/${'y'.repeat(300)}`]: '',
    }
    for (const [name, reason] of Object.entries(cases)) {
      expect(await put(name, 'x'), name).toMatchObject(refused(reason))
    }
    expect(existsSync(join(top, 'a')) || existsSync(join(top, 'not-yet')) || existsSync(join(top, 'new'))).toBe(false)
  })

  it('is input that does not fit', async () => {
    const { call, names } = tree()
    for (const input of [{}, { file_path: 'a' }, { file_path: '', content: '' }, { file_path: 'a', content: 5 }]) {
      expect(await call('Write', input)).toMatchObject({ isError: true })
    }
    expect(names()).toEqual([])
  })

  it('takes odd names for names', async () => {
    const { put, names } = tree()
    const odd = ['file:x', 'C:\\a', '~', '-rf', '$(id)', '\\\\?\\C:\\b', 'sp ace', 'new\nline']
    for (const name of odd) expect(await put(name, 'x'), name).toMatchObject({ isError: false })
    expect(names()).toEqual([...odd].sort())
  })
})

it('writes nothing once it is aborted, and leaves nothing behind', async () => {
  const { put, names } = tree()
  expect(await put('a', 'x', AbortSignal.abort())).toMatchObject({ isError: true })
  const all = [0, 1, 2, 5, 10, 20, 40]
  for (const ticks of all) {
    const controller = new AbortController()
    const done = put(`a${ticks}`, 'x'.repeat(100_000), controller.signal)
    for (let n = 0; n < ticks; n++) await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    await done
  }
  // A call that was aborted is answered at once, and cleans up on its own time; the next for that file waits for that.
  for (const ticks of all) await put(`a${ticks}`, '')
  expect(names().filter((name) => name.endsWith('.tmp'))).toEqual([])
})

it('never writes outside while a folder is swapped for a link all the time', async () => {
  const { top, cwd, put } = tree()
  mkdirSync(join(top, 'outside'))
  mkdirSync(join(cwd, 'swap'))
  const race = 'while :; do mv swap aside; ln -s ../outside swap; rm swap; mv aside swap; done'
  const racer = spawn('sh', ['-c', race], { cwd, stdio: 'ignore' })
  const outcomes = { written: 0, refused: 0 }
  try {
    const end = performance.now() + 1_000
    for (let n = 0; performance.now() < end; n++) {
      const { isError } = await put(`swap/new-${n}/file`, 'x')
      outcomes[isError ? 'refused' : 'written']++
    }
  } finally {
    racer.kill('SIGKILL')
    await new Promise((resolve) => racer.once('close', resolve))
  }
  expect(readdirSync(join(top, 'outside'))).toEqual([])
  expect(outcomes.refused).toBeGreaterThan(0)
  rmSync(join(top, 'outside'), { recursive: true })
})

describe('the form of a file that is replaced', () => {
  const folder = tree()
  const known = async (content: string | Uint8Array) => {
    folder.write('a', content)
    await folder.call('Read', { file_path: 'a' })
  }
  const rewrite = async (content: string) => {
    const outcome = await folder.call('Write', { file_path: 'a', content })
    expect(outcome).toMatchObject({ isError: false })
    return readFileSync(join(folder.cwd, 'a'))
  }

  it('stays: line breaks as on Windows, a byte order mark, UTF-16', async () => {
    await known('one\r\ntwo\r\n')
    expect(String(await rewrite('1\n2\n3\n'))).toBe('1\r\n2\r\n3\r\n')
    expect(String(await rewrite('1\r\n2\n'))).toBe('1\r\n2\n')
    await known('\ufeffone\r\n')
    expect(String(await rewrite('ü\n'))).toBe('\ufeffü\r\n')
    expect(String(await rewrite('\ufeffü'))).toBe('\ufeffü')
    const wide = Buffer.from('\ufeffone\r\n', 'utf16le')
    await known(wide)
    expect(await rewrite('漢\n')).toEqual(Buffer.from('\ufeff漢\r\n', 'utf16le'))
    await known(Buffer.from(wide).swap16())
    expect(await rewrite('漢\n')).toEqual(Buffer.from('\ufeff漢\r\n', 'utf16le').swap16())
  })

  it('is not put on text that has none, nor on what was no text', async () => {
    await known('one\ntwo\r\nthree\n')
    expect(String(await rewrite('1\n2\r\n'))).toBe('1\n2\r\n')
    await known('')
    expect(String(await rewrite('1\n'))).toBe('1\n')
    await known(Uint8Array.of(0, 0xff, 13, 10))
    expect(String(await rewrite('ü\n'))).toBe('ü\n')
  })

  it('is not lost for another encoding', async () => {
    await known(Uint8Array.of(0x93, 0xfa, 0x0a))
    const outcome = await folder.call('Write', { file_path: 'a', content: 'ü' })
    expect(outcome).toMatchObject({ isError: true, text: expect.stringContaining('another encoding than UTF-8') })
    expect(String(await rewrite('ascii'))).toBe('ascii')
  })
})
