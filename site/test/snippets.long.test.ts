import { expect, it } from 'vitest'
import { filesOf, read } from '../generate/repository.ts'
import { compileSnippets, type Snippet } from './compile-snippets.ts'

/** The TypeScript of a text, but what is an example: that is checked and run where it stands. */
function snippetsOf(file: string, text: string): Snippet[] {
  const blocks = [...text.matchAll(/(<!-- \S+ -->\n)?^```tsx?\n([\s\S]*?)^```$/gm)]
  return blocks
    .filter(([, example]) => !example)
    .map(({ index, 2: code = '' }) => ({ place: `${file}:${text.slice(0, index).split('\n').length}`, code }))
}

/** The examples in the doc comments of a source. */
function examplesOf(file: string): Snippet[] {
  const text = read(file)
  return [...text.matchAll(/^ *\* @example\n([\s\S]*?)(?=^ *\*\/|^ *\* @)/gm)].map(({ index, 1: lines = '' }) => ({
    place: `${file}:${text.slice(0, index).split('\n').length}`,
    code: lines.replace(/^ *\* ?(```\w*)?/gm, ''),
  }))
}

const pages = [
  ...filesOf('docs'),
  ...filesOf('packages'),
  ...filesOf('examples'),
  'README.md',
  'CONTRIBUTING.md',
].filter((file) => /^[^/]+\.md$|^docs\/[^/]+\.md$|(README|SKILL)\.md$/.test(file))
const sources = filesOf('packages').filter(
  (file) => /\/src\/.*\.ts$/.test(file) && !/\.(test|test-d|bench)\.ts$/.test(file),
)

it('each piece of TypeScript in a page, and each example in a doc comment, is one that compiles', () => {
  const shown = pages.flatMap((file) => snippetsOf(file, read(file)))
  const examples = sources.flatMap(examplesOf)
  expect([shown.length > 3, examples.length > 50]).toEqual([true, true])
  const broken = { place: 'nowhere', code: "const chat = createChat({ modle: 'haiku' })\nconsole.log(yours, chat)" }
  expect(compileSnippets([...shown, ...examples, broken])).toEqual([expect.stringMatching(/^nowhere: .*'modle'/)])
}, 120_000)
