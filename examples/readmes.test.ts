import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { EnjambError } from '@enjamb/core'
import { expect, it } from 'vitest'

const root = new URL('../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')
const packages = readdirSync(new URL('packages/', root)).map((name) => `packages/${name}/README.md`)

const skills = packages.map((readme) => readme.replace(/(\w+)\/README/, '$1/skills/enjamb-$1/SKILL'))
const docs = readdirSync(new URL('docs/', root))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)

/** The sources of all packages. */
const sources = packages.flatMap((readme) => {
  const folder = readme.replace('README.md', 'src/')
  const files = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.ts')).map((file) => `${folder}${file}`)
})

const pages = ['README.md', ...packages, ...skills, ...docs].filter((name) => name !== 'docs/testing.md')

/** The code of all pages; where a comment above it names a file, it is one of these examples. `testing.md` has a test of its own. */
const shown = pages.flatMap((page) => {
  const blocks = read(page).matchAll(/(?:<!-- (examples\/\S+) -->\n)?^```(\w*)\n([\s\S]*?)^```$/gm)
  return [...blocks].map(([, file, language = '', code = '']) => ({ page, file, language, code }))
})

it.each(shown.filter(({ file }) => file))('$page shows $file as it is', ({ file = '', code }) => {
  expect(code).toBe(read(file))
})

it('the pages show no other programs', () => {
  // The one of `testing` has a gap for the reader's code, and is run by a test of its own.
  const others = shown.filter(({ page, file }) => !file && page !== 'packages/testing/README.md')
  expect(others.filter(({ language, code }) => language !== 'sh' && /^import .*@enjamb/m.test(code))).toEqual([])
})

it.each([
  'README.md',
  'CONTRIBUTING.md',
  'examples/browser-chat/README.md',
  'examples/react-chat/README.md',
  ...packages,
  ...skills,
  ...docs,
])('the links of %s lead somewhere', (file) => {
  const links = [...read(file).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
  for (const [link, path = '', anchor] of links) {
    const target = path ? new URL(path, new URL(file, root)) : new URL(file, root)
    if (anchor) expect(headings(readFileSync(target, 'utf8')), link).toContain(anchor)
    else expect(existsSync(target), link).toBe(true)
  }
})

it.each(packages)('%s names all that its package exports', (readme) => {
  const text = read(readme)
  const folder = readme.replace('README.md', '')
  const entries = [...read(`${folder}package.json`).matchAll(/"@enjamb\/source": "\.\/(src\/\S+\.ts)"/g)].map(
    ([, file]) => `${folder}${file}`,
  )
  expect(entries).not.toEqual([])
  const lists = entries.flatMap((file) =>
    [...read(file).matchAll(/^export \{([^}]*)\}/gm)].map(([, list = '']) => list),
  )
  const names = lists.flatMap((list) => list.split(',').map((name) => name.trim().replace(/^.* as /, '')))
  const values = names.filter((name) => name && !name.startsWith('type ') && !name.endsWith('Definition'))
  expect(values.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([])
})

it('what docs/why.md says is held by the tests that it names', () => {
  const tests = [...read('docs/why.md').matchAll(/“([^”]+)”, in\s+\[`(\S+)`\]\(\.\.\/(\S+)\)/g)]
  expect(tests.length).toBeGreaterThan(20)
  for (const [, title = '', shown, file = ''] of tests) {
    expect(shown).toBe(file)
    expect(read(file), file).toContain(title)
  }
})

it('what docs/coming-from.md says things are called here, they are', () => {
  const entries = sources
    .filter((file) => file.endsWith('/index.ts'))
    .map(read)
    .join()
  const here = [...read('docs/coming-from.md').matchAll(/^\|.*\| (.+) \|$/gm)].map(([, cell]) => cell)
  // Of a function that stands alone: `retry(…)`, not `client.retry(…)`.
  const functions = [...here.join().matchAll(/(?<![.\w])([a-zA-Z]{3,})\(/g)].map(([, name]) => name)
  expect(functions.length).toBeGreaterThan(50)
  expect(functions.filter((name) => !new RegExp(`\\b${name}\\b`).test(entries))).toEqual([])
})

it('the page of errors has every code, with its class, and whether it is sent again', async () => {
  const page = [...read('docs/errors.md').matchAll(/^### `(\w+)`\n\n`(\w+)`([^.]*)\. Sent again: (\w+)([.,]?)/gm)].map(
    ([, code, name, where = '', again, rest]) => ({
      code,
      name,
      // Where more is said of it, it depends.
      ...(rest && { again: again === 'yes' }),
      status: Number(/status (\d+)/.exec(where)?.[1]),
    }),
  )
  const kinds = await errorClasses()
  const inSources = kinds.map(({ name, prototype: { code } }) => ({ code, name }))
  const byCode = (errors: readonly { code?: string | undefined }[]) =>
    [...errors].sort((a, b) => (`${a.code}` < `${b.code}` ? -1 : 1))
  expect(byCode(page.map(({ code, name }) => ({ code, name })))).toEqual(byCode(inSources))

  for (const { code, name, again, status } of page) {
    const Kind = kinds.find((kind) => kind.name === name)!
    if (again !== undefined) expect(new Kind('', { status }).retryable, code).toBe(again)
  }
})

type ErrorClass = new (message: string, fields: { status: number }) => EnjambError

/** Every class of errors that there is in the packages, those of subpaths too. */
async function errorClasses(): Promise<(ErrorClass & { prototype: EnjambError })[]> {
  const files = sources.filter((file) => !file.includes('.test') && read(file).includes('get code()'))
  const modules = await Promise.all(files.map((file) => import(new URL(file, root).href)))
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value) => value === EnjambError || Object(value).prototype instanceof EnjambError) as ErrorClass[]
}

/** The names that headings get as targets of links. */
function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
