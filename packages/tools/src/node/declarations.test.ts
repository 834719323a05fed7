import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { page, serve } from '../../test/serve.ts'
import { workFolder } from '../../test/work-folder.ts'
import { defineTool, jsonSchema, permissions, type Tool, toolset } from '../index.ts'
import { codingTools, createBackgroundTasks, loadSkills } from './index.ts'

const { cwd, write } = workFolder()
const tasks = createBackgroundTasks()

/** What each tool says of itself, whether it may be used while planning, and why. */
const declared: { [name: string]: [says: string, planning: boolean, why: string] } = {
  Read: ['readOnly idempotent', true, 'notes what was seen, which only ever allows a later change'],
  Glob: ['readOnly idempotent', true, 'looks'],
  Grep: ['readOnly idempotent', true, 'looks'],
  Write: ['', false, 'a second time the file is there'],
  Edit: ['', false, 'a second time the text is not there, or there twice'],
  NotebookEdit: ['', false, 'a second time there are two new cells'],
  Bash: ['', false, 'may do anything, and moves the working folder'],
  TaskOutput: ['readOnly', true, 'changes only what it shows next, and so is not the same twice'],
  KillShell: ['idempotent', true, 'what has ended stays so; nothing is written'],
  WebFetch: ['readOnly idempotent', true, 'looks, but an address can carry away what was read'],
  WebSearch: ['readOnly idempotent', true, 'looks, but a query can carry away what was read'],
  Skill: ['readOnly idempotent', true, 'reads a file'],
  Task: ['independent', false, 'may do what its tools may; several are meant to run side by side'],
  TodoWrite: ['independent idempotent', true, 'writes the list and nothing else'],
  EnterPlanMode: ['', true, 'changes what is permitted, so calls after it wait'],
  ExitPlanMode: ['', true, 'changes what is permitted, so calls after it wait'],
  AskUserQuestion: ['readOnly idempotent', true, 'asks; what changes something waits for the answer'],
}

async function everything() {
  write('skills/a/SKILL.md', '---\nname: a\ndescription: A skill.\n---\nDo it.')
  return codingTools({
    cwd,
    tasks,
    webFetch: { allowPrivateAddresses: true },
    search: () => 'Found.',
    skills: await loadSkills([join(cwd, 'skills')]),
    subagents: { types: [{ name: 'search', description: 'Searches.' }], run: () => 'Done.' },
  })
}

const flags = ['readOnly', 'independent', 'idempotent'] as const
const saysOf = (tool: Tool) => flags.filter((flag) => tool[flag]).join(' ')

it('every tool says truly whether it reads only, runs beside others, and may run again', async () => {
  const said = (await everything()).map((tool) => [tool.name, saysOf(tool)])
  expect(Object.fromEntries(said)).toEqual(
    Object.fromEntries(Object.entries(declared).map(([name, [says]]) => [name, says])),
  )
})

it('while planning none can be used that changes something, and no rule lets it', async () => {
  const mcp = defineTool({
    name: 'mcp__files__write',
    description: 'Writes.',
    input: jsonSchema({ type: 'object' }),
    run: () => '',
  })
  const { signal } = new AbortController()
  for (const tool of [...(await everything()), mcp as Tool]) {
    const permission = permissions({ cwd, mode: 'plan', allow: ['*'], canUseTool: () => ({ allow: true }) })
    const call = { type: 'tool_use' as const, id: 'a', name: tool.name, input: {}, caller: { type: 'direct' as const } }
    const { allow } = await permission(call, { tool, signal, turn: 1 })
    expect([tool.name, allow]).toEqual([tool.name, declared[tool.name]?.[1] ?? false])
  }
})

it('those that say so change no file, and answer the same twice unless they say otherwise', async () => {
  const { url } = await serve(page('A page.', 'text/plain'))
  write('.gitignore', 'ignored')
  write('sub/a.txt', 'needle\n')
  const list = await everything()
  const tools = toolset(list)
  const call = async (name: string, input: object) => {
    const { content, is_error } = await tools.call({ type: 'tool_use', id: 'a', name, input })
    expect([name, is_error]).toEqual([name, undefined])
    return content
  }
  await call('Bash', { command: 'echo shown', run_in_background: true })
  await tasks.get('bash_1').ended
  const options = ['yes', 'no'].map((label) => ({ label }))
  const inputs: { [name: string]: object } = {
    Read: { file_path: 'sub/a.txt' },
    Glob: { pattern: '**/*.txt' },
    Grep: { pattern: 'needle', output_mode: 'content' },
    TaskOutput: { task_id: 'bash_1' },
    KillShell: { shell_id: 'bash_1' },
    WebFetch: { url, prompt: 'What?' },
    WebSearch: { query: 'needle' },
    Skill: { skill: 'a' },
    TodoWrite: { todos: [] },
    AskUserQuestion: { questions: [{ question: 'Now?', options }] },
  }
  const before = snapshot(cwd)
  for (const tool of list.filter(({ readOnly, idempotent }) => readOnly || idempotent)) {
    const input = inputs[tool.name]!
    const answers = [await call(tool.name, input), await call(tool.name, input)]
    expect([tool.name, answers[0] === answers[1]]).toEqual([tool.name, !!tool.idempotent])
  }
  expect(snapshot(cwd)).toEqual(before)
  await list.close()
})

/** All that is in a folder: paths, contents, and when they were changed. */
function snapshot(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .map((path) => {
      const stats = lstatSync(path)
      return `${path} ${stats.ctimeMs} ${stats.isFile() ? readFileSync(path, 'utf8') : ''}`
    })
    .sort()
}
