import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { type FileChange, toolset } from '../../index.ts'
import { codingTools } from '../index.ts'

const notebook = (source: string) =>
  JSON.stringify({ cells: [{ cell_type: 'markdown', id: 'c', metadata: {}, source }], nbformat: 4, nbformat_minor: 5 })

function session(onCheckpoint: (change: FileChange) => Promise<void>) {
  const { cwd, write } = workFolder()
  const tools = toolset(codingTools({ cwd }))
  const call = (name: string, input: object) =>
    tools.call({ type: 'tool_use', id: 'toolu_1', name, input }, { onCheckpoint })
  return { cwd, write, call, read: (file_path: string) => call('Read', { file_path }) }
}

const changes = {
  Write: ['a.txt', 'old', { file_path: 'a.txt', content: 'new' }],
  Edit: ['a.txt', 'old', { file_path: 'a.txt', old_string: 'old', new_string: 'new' }],
  NotebookEdit: ['a.ipynb', notebook('old'), { notebook_path: 'a.ipynb', cell_id: 'c', new_source: 'new' }],
} as const

describe.each(Object.entries(changes))('%s', (name, [file, old, input]) => {
  it('says what was in the file and what will be, before it changes it', async () => {
    const seen: unknown[] = []
    const { cwd, write, call, read } = session(async ({ path, before, after }) => {
      seen.push(path, String(before), String(after), readFileSync(path, 'utf8'))
    })
    write(file, old)
    await read(file)
    expect(await call(name, input)).not.toHaveProperty('is_error')
    const now = readFileSync(join(cwd, file), 'utf8')
    expect(now).toContain('new')
    expect(seen).toEqual([join(cwd, file), old, now, old])
  })

  it('fails and leaves the file where that cannot be kept', async () => {
    const { cwd, write, call, read } = session(() => Promise.reject(new Error('no space')))
    write(file, old)
    await read(file)
    expect(await call(name, input)).toMatchObject({ is_error: true, content: expect.stringContaining('no space') })
    expect(readFileSync(join(cwd, file), 'utf8')).toBe(old)
  })

  it('does not write over what somebody else wrote meanwhile', async () => {
    const { write, call, read } = session(async ({ path }) => void write(path.split('/').at(-1)!, 'theirs'))
    const path = write(file, old)
    await read(file)
    expect(await call(name, input)).toMatchObject({ is_error: true, content: expect.stringContaining('somebody else') })
    expect(readFileSync(path, 'utf8')).toBe('theirs')
  })
})

it('a new file had no content, and no folder is made for one that cannot be kept', async () => {
  const seen: FileChange[] = []
  const { cwd, call } = session(async (change) => {
    seen.push(change)
    if (change.path.includes('sub')) throw new Error('no space')
  })
  await call('Write', { file_path: 'a', content: '' })
  expect(await call('Write', { file_path: 'sub/b', content: 'b' })).toMatchObject({ is_error: true })
  expect(seen).toMatchObject([
    { path: join(cwd, 'a'), before: null, after: Buffer.from('') },
    { path: join(cwd, 'sub/b'), before: null },
  ])
  expect(existsSync(join(cwd, 'sub'))).toBe(false)
})

it('a change that is refused anyway is not spoken of', async () => {
  const seen: FileChange[] = []
  const { write, call } = session(async (change) => void seen.push(change))
  write('a.txt', 'old')
  await call('Write', { file_path: 'a.txt', content: 'new' })
  await call('Edit', { file_path: 'a.txt', old_string: 'old', new_string: 'new' })
  await call('Write', { file_path: '../out', content: 'new' })
  expect(seen).toEqual([])
})
