import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { loadAgents } from './load-agents.ts'

async function load(files: { [name: string]: string }) {
  const { cwd, write } = workFolder()
  for (const [name, text] of Object.entries(files)) write(name, text)
  const problems: string[] = []
  const agents = await loadAgents([cwd], { onProblem: ({ reason }) => problems.push(reason) })
  return { agents, problems }
}

const file = (head: string, body = 'You review.') => `---\n${head}\n---\n\n${body}\n`

it('finds agents in files, with their tools, model and words', async () => {
  const { agents, problems } = await load({
    'review.md': file('name: review\ndescription: Reviews code.\nmodel: haiku\ntools: Read, Grep'),
    'b.md': file(
      'name: b_2\ndescription: |\n  Does\n  b.\nmodel: inherit\ntools:\n  - Read\n  - mcp__x__*\ndisallowedTools: [Bash, "Write"]',
    ),
    'c.md': file('name: c\ndescription: Has no tools.\ntools: []', 'Line one.\n\n---\n\nLine two.'),
    'readme.txt': 'No agent.',
  })
  expect(problems).toEqual([])
  expect(agents).toEqual([
    {
      name: 'b_2',
      description: 'Does b.',
      system: 'You review.',
      allowTools: ['Read', 'mcp__x__*'],
      denyTools: ['Bash', 'Write'],
    },
    { name: 'c', description: 'Has no tools.', system: 'Line one.\n\n---\n\nLine two.', allowTools: [] },
    {
      name: 'review',
      description: 'Reviews code.',
      system: 'You review.',
      model: 'haiku',
      allowTools: ['Read', 'Grep'],
    },
  ])
})

it('says what is none, and never gives one more than its file says', async () => {
  const { agents, problems } = await load({
    'a.md': file('name: a\ndescription: A.\ntools: Read, Bash(git:*)'),
    'b.md': file('name: b\ndescription: B.\ndisallowedTools: Bash(rm:*)'),
    'c.md': file('name: a\ndescription: The same.'),
    'd.md': file('name: d e\ndescription: D.'),
    'e.md': file('name: e'),
    'f.md': 'No head.',
    'g.md': file('name: g\ndescription: G.\ntools: {Read: true}'),
  })
  expect(agents.map(({ name, allowTools }) => [name, allowTools])).toEqual([['a', ['Read']]])
  expect(problems).toEqual([
    expect.stringContaining('"Bash(git:*)" in tools is no name of a tool'),
    expect.stringContaining('"Bash(rm:*)" in disallowedTools'),
    expect.stringContaining('another agent'),
    expect.stringContaining('Its name must be'),
    expect.stringContaining('Its description must be'),
    expect.stringContaining('between two lines of ---'),
    expect.stringContaining('tools'),
  ])
})

it('follows no link out of its folder, and takes a folder that is not there for one without agents', async () => {
  const { top, cwd, write } = workFolder()
  write('../outside.md', file('name: x\ndescription: X.'))
  symlinkSync(join(top, 'outside.md'), join(cwd, 'x.md'))
  expect(await loadAgents([cwd, join(cwd, 'none')])).toEqual([])
})
