import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const packages = new URL('../packages/', import.meta.url)

/** What the READMEs of the packages show of these examples, each block below a comment that names its file. */
const shown = readdirSync(packages).flatMap((name) => {
  const readme = readFileSync(new URL(`${name}/README.md`, packages), 'utf8')
  const blocks = readme.matchAll(/<!-- examples\/(\S+) -->\n```\w+\n([\s\S]*?)^```$/gm)
  return [...blocks].map(([, file = '', code = '']) => ({ name, file, code }))
})

it('the READMEs show examples', () => {
  expect(shown.length).toBeGreaterThan(2)
})

it.each(shown)('the README of $name shows $file as it is', ({ file, code }) => {
  expect(code).toBe(readFileSync(new URL(file, import.meta.url), 'utf8'))
})
