import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '@enjamb/core'
import { expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { createRoots } from './roots.ts'

const notebook = JSON.stringify({ cells: [{ cell_type: 'code', source: 'TOP SECRET' }], nbformat: 4 })

const more = workFolder()
more.write('.env', notebook)
const { cwd, write, call } = workFolder({
  exclude: ['**/.env', './secrets/', '**/*.{pem,key}'],
  additionalDirectories: [more.cwd],
})
for (const name of ['.env', 'a/b/.env', 'secrets/a', 'secrets/deep/b', 'tls/host.pem', 'HOST.KEY'])
  write(name, notebook)
write('envelope', 'TOP')
symlinkSync('.env', join(cwd, 'to-file'))
symlinkSync('secrets', join(cwd, 'to-folder'))

const tools: [name: string, input: (path: string) => object][] = [
  ['Read', (file_path) => ({ file_path })],
  ['Write', (file_path) => ({ file_path, content: 'x' })],
  ['Edit', (file_path) => ({ file_path, old_string: 'TOP', new_string: 'x' })],
  ['NotebookEdit', (notebook_path) => ({ notebook_path, cell_number: 1, new_source: 'x' })],
  ['Grep', (path) => ({ path, pattern: 'TOP', output_mode: 'content' })],
  ['Glob', (path) => ({ path, pattern: '**' })],
]
const ways = [
  '.env',
  './a/../.env',
  'a/b/.env',
  'secrets',
  'secrets/a',
  'secrets/deep/b',
  'secrets/new/file',
  'tls/host.pem',
  'HOST.KEY',
  'to-file',
  'to-folder',
  'to-folder/a',
  'to-folder/deep/b',
  join(more.cwd, '.env'),
]

it.each(tools.flatMap(([tool, input]) => ways.map((way) => ({ tool, way, input: input(way) }))))(
  '$tool does nothing with what is excluded, by way of $way',
  async ({ tool, input }) => {
    const { isError, text } = await call(tool, input)
    expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining('is excluded') })
    expect(text).not.toContain('TOP SECRET')
    expect(readFileSync(join(cwd, '.env'), 'utf8')).toBe(notebook)
    expect(readdirSync(join(cwd, 'secrets'))).toEqual(['a', 'deep'])
  },
)

it.each(['content', 'files_with_matches', 'count'])('Grep, asked for %s, shows nothing of it', async (output_mode) => {
  for (const path of [undefined, more.cwd]) {
    const { text } = await call('Grep', { pattern: 'TOP', output_mode, path, '-C': 1 })
    expect(text).not.toMatch(/SECRET|\.env|secrets|\.pem|KEY/)
    if (!path) expect(text).toContain('envelope')
  }
})

it('Glob lists nothing of it', async () => {
  for (const pattern of ['**', '**/.env', '{secrets,tls}/**', '*.KEY']) {
    const { text } = await call('Glob', { pattern })
    expect(text.replace(pattern, '')).not.toMatch(/\.env|secrets\/|\.pem|KEY/)
  }
})

it('a wrong name is told no names of it', async () => {
  for (const name of ['.en', 'HOST.KEYS', 'tls/host.pe']) {
    const { text } = await call('Read', { file_path: name })
    expect(text).toContain('does not exist')
    expect(text).not.toMatch(/mean.*(\.env|HOST\.KEY|host\.pem)/)
  }
})

it('what only looks like it is used as ever', async () => {
  expect((await call('Read', { file_path: 'envelope' })).isError).toBe(false)
  expect((await call('Write', { file_path: 'a/secrets/x', content: 'x' })).isError).toBe(false)
})

it('a command does not stay in a folder of it', async () => {
  const { text } = await call('Bash', { command: 'cd secrets' })
  expect(text).toContain(`the working folder is ${cwd} again`)
})

it('a glob that fits nothing is refused at once', () => {
  expect(() => createRoots({ cwd, exclude: ['{a'] })).toThrow(ConfigError)
})
