import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseNotebookJSON } from './parse-notebook-json.ts'

it('is what JSON.parse gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), async (value) => {
      const text = JSON.stringify(value)
      expect(await parseNotebookJSON(text)).toEqual(JSON.parse(text))
    }),
    { numRuns: 300 },
  )
  expect(await parseNotebookJSON('{"a":"\\\\\\"]]]"}')).toEqual({ a: '\\"]]]' })
})

it.each([
  ['[', '['.repeat(10_000_000)],
  ['nested lists', '['.repeat(65) + ']'.repeat(65)],
  ['nested lists in a notebook', `{"cells":${'['.repeat(5_000_000)}`],
  ['very many values', `[${'0,'.repeat(1_000_001)}0]`],
  ['a string without an end', '{"a":"'],
  ['a string of quotes', `"${'\\"'.repeat(1_000_000)}`],
])('is nothing for %s', async (_, text) => {
  expect(await parseNotebookJSON(text)).toBeUndefined()
})

it('lets everything else have its turn', async () => {
  let turns = 0
  let other: NodeJS.Immediate
  const turn = () => {
    turns++
    other = setImmediate(turn)
  }
  turn()
  expect(await parseNotebookJSON(`[${'0,'.repeat(400_000)}0]`)).toHaveLength(400_001)
  clearImmediate(other!)
  expect(turns).toBeGreaterThanOrEqual(8)
})
