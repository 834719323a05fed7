import { execFileSync, spawnSync } from 'node:child_process'
import { relative } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'

const names = ['a', 'b', 'foo', 'x.log', '#h', '!n', 'sp ace', 'te[st]', 'a*b', 'foo ', '{a,b}', '.hid']
const parts = [
  ...names,
  ...[
    '*',
    '**',
    '*.log',
    'f?o',
    '[ab]',
    '[!a]',
    '[^a]*',
    '*.*',
    '\\#h',
    '\\!n',
    'te\\[st\\]',
    '[a-c]',
    '[a',
    '***',
    '?',
  ],
]
const joined = (units: string[], maxLength: number) =>
  fc.array(fc.constantFrom(...units), { minLength: 1, maxLength }).map((some) => some.join('/'))
const rule = fc
  .tuple(fc.constantFrom('', '', '!', '/', '!/', ' '), joined(parts, 3), fc.constantFrom('', '', '/', '/**', ' ', '\t'))
  .map((some) => some.join(''))
const rules = fc.tuple(fc.array(rule, { minLength: 1, maxLength: 4 }), fc.constantFrom('\n', '\r\n'))

/** Files by their paths; of two of which one would be a folder for the other, only the first. */
const files = fc
  .tuple(
    fc.uniqueArray(joined(names, 4), { minLength: 15, maxLength: 25 }),
    fc.dictionary(fc.oneof(fc.constant(''), joined(names, 2)), rules, { minKeys: 1, maxKeys: 3 }),
  )
  .map(([paths, ignored]) => {
    const tree: [path: string, content: string][] = paths.map((path) => [path, 'x'])
    for (const [folder, [lines, end]] of Object.entries(ignored)) {
      tree.push([`${folder && `${folder}/`}.gitignore`, lines.join(end)])
    }
    const clashes = (a: string, b: string) => b.startsWith(`${a}/`) || a.startsWith(`${b}/`)
    return tree.filter(([path], index) => !tree.slice(0, index).some(([other]) => clashes(path, other)))
  })

it.runIf(spawnSync('git', ['--version']).status === 0)('Glob and Grep leave out what git does', async () => {
  await fc.assert(
    fc.asyncProperty(files, async (tree) => {
      const { cwd, write, call } = workFolder()
      for (const [path, content] of tree) write(path, content)
      execFileSync('git', ['init', '-q', '--template=', '.'], { cwd })
      const listed = execFileSync('git', ['ls-files', '-oz', '--exclude-standard'], { cwd, encoding: 'utf8' })
      const expected = listed.split('\0').filter(Boolean).sort()
      const paths = (text: string) => text.split('\n').filter((line) => line.startsWith('/'))
      const found = async (name: string, input: object) =>
        paths((await call(name, input)).text)
          .map((path) => relative(cwd, path))
          .sort()
      expect(await found('Glob', { pattern: '**' })).toEqual(expected)
      expect(await found('Grep', { pattern: '^' })).toEqual(expected)
    }),
    { numRuns: 15 },
  )
})
