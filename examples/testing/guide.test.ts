import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const guide = new URL('../../docs/testing.md', import.meta.url)
const manifest = new URL('../package.json', import.meta.url)

/** What the guide shows, each block below a comment that names its file. */
function codeBlocks() {
  const blocks = readFileSync(guide, 'utf8').matchAll(/(?:<!-- (\S+) -->\n)?^```(\w*)\n([\s\S]*?)^```$/gm)
  return [...blocks].map(([, file, language = '', code = '']) => ({ file, language, code }))
}

const shown = codeBlocks().filter(({ file }) => file !== undefined)

it.each(shown)('the guide shows $file as it is', ({ file = '', code }) => {
  expect(code).toBe(readFileSync(new URL(file, import.meta.url), 'utf8'))
})

it('the guide has no other code but commands, which install what the examples use', () => {
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies: Record<string, string> }
  const others = codeBlocks().filter(({ file }) => file === undefined)
  expect(others.map(({ language }) => language)).toEqual(others.map(() => 'sh'))
  const installed = others
    .flatMap(({ code }) => code.split('\n'))
    .flatMap((line) => /^npm install (.*)$/.exec(line)?.[1]?.split(' ') ?? [])
    .filter((name) => !name.startsWith('-') && name !== 'vitest')
  expect(installed.length).toBeGreaterThan(0)
  expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(installed))
})
