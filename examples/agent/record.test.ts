import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { script } from '@enjamb/testing'
import { expect, it } from 'vitest'
import { runExample } from '../run-example.ts'
import { runs } from '../runs.ts'

it('the example of a trace leaves a page, a log and a journal', { timeout: 30_000 }, async () => {
  const { out, cwd } = await runExample(new URL('trace.ts', import.meta.url), {
    script: script([{ toolCalls: [{ name: 'Glob', input: { pattern: '*' } }] }, 'NOTES.md']),
    prepare: (folder) => writeFileSync(join(folder, 'NOTES.md'), '# Notes\n'),
  })
  expect(out).toMatch(/^2 requests, \d+(\.\d+)? s, \$0\.\d+\n$/)
  expect(readFileSync(join(cwd, 'trace.html'), 'utf8')).toContain('<h1 dir="auto">What is here</h1>')
  const [log = ''] = readdirSync(join(cwd, 'logs'))
  expect(log).toMatch(/^reader_\d{8}_\d{6}_[\da-f]{8}\.log$/)
  expect(readFileSync(join(cwd, 'logs', log), 'utf8')).toContain('[Tool Call: Glob]\nArgs: {"pattern": "*"}\n')
})

it('the example of a replay says the same without the API, and names what has changed', {
  timeout: 30_000,
}, async () => {
  const { turns, out: expected } = runs['agent/replay']
  const { out, server } = await runExample(new URL('replay.ts', import.meta.url), { script: script(turns) })
  expect(out).toMatch(expected)
  expect(server.requests).toHaveLength(1)
})
