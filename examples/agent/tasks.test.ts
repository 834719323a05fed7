import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { script } from '@enjamb/testing'
import { expect, it } from 'vitest'
import { runExample } from '../run-example.ts'
import { runs } from '../runs.ts'

const callOf = (name: string, input: { [key: string]: string }) => ({ toolCalls: [{ name, input }] })

it('the example of a batch says of each file what it is for, and what all of it cost', {
  timeout: 30_000,
}, async () => {
  const { out } = await runExample(new URL('analyse-files.ts', import.meta.url), {
    script: script([
      { when: { text: /Read a\.ts/ }, reply: '{"purpose": "Adds.", "bugs": []}' },
      { when: { text: /Read b\.ts/ }, reply: { error: 400 } },
    ]),
    prepare(cwd) {
      for (const name of ['a.ts', 'b.ts']) writeFileSync(join(cwd, name), 'export const x = 1\n')
    },
  })
  expect(out).toContain(`a.ts completed { purpose: 'Adds.', bugs: [] }`)
  expect(out).toMatch(/b\.ts failed /)
  expect(out).toMatch(/1 of 2, \d+ tokens, \$0\.\d+\n$/)
})

it('the example of documentation names the files that came of it', { timeout: 30_000 }, async () => {
  const { out, cwd, server } = await runExample(new URL('document.ts', import.meta.url), {
    script: script([
      (request) => callOf('Write', { file_path: 'docs/API.md', content: `# API\n${request.index}` }),
      callOf('Bash', { command: 'printf index > docs/index.txt' }),
      'It is written.',
    ]),
  })
  expect(out).toMatch(
    /^completed It is written\.\ncreated docs\/API\.md 7 bytes\ncreated docs\/index\.txt 5 bytes\n\$0\.\d+\n$/,
  )
  expect(readFileSync(join(cwd, 'docs/API.md'), 'utf8')).toBe('# API\n0')
  expect(JSON.stringify(server.requests[0]?.body)).toContain('never seen the code')
})

it('the example of a task shows what it does', { timeout: 30_000 }, async () => {
  const { out } = await runExample(new URL('stream-task.ts', import.meta.url), {
    script: script([
      { error: 529 },
      { text: 'I look.', ...callOf('Glob', { pattern: '*' }) },
      callOf('Skill', { skill: 'review' }),
      callOf('Task', { description: 'Read', prompt: 'Read NOTES.md.', subagent_type: 'general' }),
      { when: { text: /^Read NOTES/ }, reply: 'It has notes.' },
      'A project with notes.',
    ]),
    prepare(cwd) {
      writeFileSync(join(cwd, 'NOTES.md'), '# Notes\n')
      mkdirSync(join(cwd, '.claude/skills/review'), { recursive: true })
      writeFileSync(
        join(cwd, '.claude/skills/review/SKILL.md'),
        '---\nname: review\ndescription: To review.\n---\nLook.',
      )
    },
  })
  for (const line of [
    '… again:',
    'I look.',
    '→ Glob {"pattern":"*"}',
    '✓ Glob',
    '* review',
    '+ general',
    '✓ Task',
    'A project with notes.',
  ]) {
    expect(out).toContain(line)
  }
  expect(out).toMatch(/\ncompleted, \$0\.\d+\n$/)
})

it('the example of many tasks shows how far they are', { timeout: 30_000 }, async () => {
  const { turns, out: expected } = runs['agent/task-progress']
  const { out } = await runExample(new URL('task-progress.ts', import.meta.url), { script: script(turns) })
  expect(out).toMatch(expected)
  const lines = out.trim().split('\n')
  expect(lines.filter((line) => line.endsWith(': Good.'))).toHaveLength(7)
})
