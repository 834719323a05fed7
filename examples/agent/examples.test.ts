import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { script } from '@enjamb/testing'
import { expect, it } from 'vitest'
import { runExample } from '../run-example.ts'

it('the example of a session uses a tool, and remembers', { timeout: 30_000 }, async () => {
  const { out, server } = await runExample(new URL('session.ts', import.meta.url), {
    script: script([{ toolCalls: [{ name: 'Glob', input: { pattern: '*' } }] }, 'NOTES.md', 'That one.']),
    prepare: (cwd) => writeFileSync(join(cwd, 'NOTES.md'), '# Notes\n'),
  })
  expect(out).toMatch(/^Glob \{ pattern: '\*' \}\nNOTES\.md\nThat one\. 0\.\d+\n$/)
  expect(server.requests[2]?.body).toMatchObject({ messages: { length: 5 } })
})
