import { ConfigError } from '@enjamb/core'
import { expect, it } from 'vitest'
import { workFolder } from '../../test/work-folder.ts'
import * as code from '../code/index.ts'
import { toolset } from '../index.ts'
import { codingTools, createBackgroundTasks, loadSkills } from './index.ts'

const { cwd, write } = workFolder()
const names = (options: object) => codingTools({ cwd, ...options }).map(({ name }) => name)

/** Everything that some of the tools need. */
async function everything() {
  write('skills/a/SKILL.md', '---\nname: a\ndescription: A skill.\n---\nDo it.')
  const types = [{ name: 'search', description: 'Searches.' }]
  return {
    search: () => [],
    skills: await loadSkills([`${cwd}/skills`]),
    subagents: { types, run: () => 'Done.' },
  }
}

it('are seventeen, each with its definition', async () => {
  const list = codingTools({ cwd, ...(await everything()) })
  const { answerText: _, ...definitions } = code
  const defined = Object.values(definitions).map(({ name }) => name)
  expect(list.map(({ name }) => name).sort()).toEqual(defined.sort())
  expect(list).toHaveLength(17)
  expect(toolset(list).definitions).toHaveLength(17)
})

it('leave out those that have nothing to work with', () => {
  const all = names({})
  for (const name of ['WebSearch', 'Skill', 'Task']) expect(all).not.toContain(name)
  expect(all).toHaveLength(14)
  expect(names({ skills: [] })).toEqual(all)
})

it('share what runs in the background, with others if they are told to', async () => {
  const tasks = createBackgroundTasks()
  const list = codingTools({ cwd, tasks, ...(await everything()) })
  const tools = toolset(list)
  const input = { description: 'Find it', prompt: 'Find it.', subagent_type: 'search', run_in_background: true }
  await tools.call({ type: 'tool_use', id: 'a', name: 'Task', input })
  const shown = await tools.call({ type: 'tool_use', id: 'b', name: 'TaskOutput', input: { task_id: 'task_1' } })
  expect(shown.content).toBe('Done.\n[task_1: completed.]')
  expect(tasks.get('task_1').status).toBe('completed')
  await list.close()
  expect(() => tasks.start('bash', () => expect.unreachable())).toThrow('any more')
})

it('refuse options that make no sense', () => {
  expect(() => names({ bash: { timeoutMs: 0 } })).toThrow(ConfigError)
  expect(() => names({ subagents: { types: [], run: () => '' } })).toThrow(ConfigError)
  expect(() => names({ cwd: '/no/such/folder' })).toThrow(ConfigError)
})

it('refuses options that there are not, and names the nearest', () => {
  const { cwd } = workFolder()
  const wrong: [object, string][] = [
    [{ exlude: ['**/.env'] }, 'codingTools has no option "exlude": did you mean exclude?'],
    [{ bash: { sandBox: {} } }, 'codingTools.bash has no option "sandBox": did you mean sandbox?'],
    [{ webFetch: { timeout: 5 } }, 'codingTools.webFetch has no option "timeout": did you mean timeoutMs?'],
    [{ grep: { nothingLikeIt: 5 } }, 'codingTools.grep has no option "nothingLikeIt": there are program, timeoutMs.'],
  ]
  for (const [more, message] of wrong) expect(() => codingTools({ cwd, ...more })).toThrow(message)
})
