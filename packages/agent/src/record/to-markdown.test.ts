import { expect, it } from 'vitest'
import { buildJournal, toolUse } from '../../test/journal-builder.ts'
import { toMarkdown } from './to-markdown.ts'

const read = toolUse('toolu_1', 'Read', { file_path: 'a.md' })

it('a session is a document', () => {
  const { entries } = buildJournal({ title: 'A look' })
    .prompt('What is *in* it?\n\n# Not a heading')
    .reply([{ type: 'thinking', thinking: 'I read it.', signature: 's' }, 'I **look**.', read], 1_500, {
      input_tokens: 70,
      output_tokens: 20,
    })
    .call(read, '# Title\n```\ncode\n```', 250, true)
    .reply(['It has code.'], 500, { input_tokens: 6, cache_read_input_tokens: 90, output_tokens: 4 })
    .turn('failed', { name: 'OverloadedError', message: 'busy' })
  expect(toMarkdown(entries)).toBe(`# A look

- Session: c0ffee00-1234
- Model: claude-sonnet-5-5
- Began: 2026-11-28 10:00:00 UTC
- Work: 2.3 s, 2 requests, 1 tool call
- Tokens: 166 in (90 from the cache), 24 out
- Cost: $0.0004

## Prompt 0

> What is \\*in\\* it?
> 
> \\# Not a heading

<details><summary>Thinking</summary>

> I read it.

</details>

I **look**.

**Read** failed, 250 ms

\`\`\`json
{"file_path": "a.md"}
\`\`\`

\`\`\`\`text
# Title
\`\`\`
code
\`\`\`
\`\`\`\`

It has code.

*Ended as failed: OverloadedError: busy*
`)
})

it('a result is cut, and holds no credential', () => {
  const { entries } = buildJournal()
    .prompt('p')
    .reply([read])
    .call(read, `sk-ant-api03-abc ${'x'.repeat(10_000_000)}`)
    .turn()
  const markdown = toMarkdown(entries)
  expect(markdown.length).toBeLessThan(5_000)
  expect(markdown).not.toContain('abc')
  expect(markdown).toContain('x\n…\n```')
})

it('what a rewind has taken back says so', () => {
  const journal = buildJournal().prompt('one').reply(['1']).turn()
  const to = journal.entries.length
  journal.prompt('two').reply(['2']).turn().add({ type: 'rewind', to, files: [] }).prompt('three')
  expect(toMarkdown(journal.entries)).toContain('*Taken back:*\n\n> two\n\n*Taken back:*\n\n2\n\n')
  expect(toMarkdown(journal.entries)).toContain('## Prompt 2\n\n> three')
})
