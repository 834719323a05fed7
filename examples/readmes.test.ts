import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')
const packages = readdirSync(new URL('packages/', root)).map((name) => `packages/${name}/README.md`)

/** The code of the READMEs; where a comment above it names a file, it is one of these examples. */
const shown = ['README.md', 'docs/fleet.md', ...packages].flatMap((readme) => {
  const blocks = read(readme).matchAll(/(?:<!-- (examples\/\S+) -->\n)?^```(\w*)\n([\s\S]*?)^```$/gm)
  return [...blocks].map(([, file, language = '', code = '']) => ({ readme, file, language, code }))
})

it.each(shown.filter(({ file }) => file))('$readme shows $file as it is', ({ file = '', code }) => {
  expect(code).toBe(read(file))
})

it('the READMEs show no other programs', () => {
  // The one of `testing` has a gap for the reader's code, and is run by a test of its own.
  const others = shown.filter(({ readme, file }) => !file && readme !== 'packages/testing/README.md')
  expect(others.filter(({ language, code }) => language !== 'sh' && /^import /m.test(code))).toEqual([])
})

it.each([
  'README.md',
  'CONTRIBUTING.md',
  'examples/browser-chat/README.md',
  'examples/react-chat/README.md',
  ...packages,
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
])('the links of %s lead somewhere', (file) => {
  const links = [...read(file).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
  for (const [link, path = '', anchor] of links) {
    const target = path ? new URL(path, new URL(file, root)) : new URL(file, root)
    if (anchor) expect(headings(readFileSync(target, 'utf8')), link).toContain(anchor)
    else expect(existsSync(target), link).toBe(true)
  }
})

/** The names that headings get as targets of links. */
function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
