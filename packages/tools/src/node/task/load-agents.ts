import { opendir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ModelAlias, ModelId } from '@enjamb/core'
import { createRoots } from '../files/roots.ts'
import { parseHead, parseHeadList } from '../head/parse-head.ts'
import { readHeadedFile } from '../head/read-headed-file.ts'

/** A sub-agent that a file describes; `agents` of `createAgent` in `@enjamb/agent` takes it as it is. */
export interface LoadedAgent {
  name: string
  /** What it is for, in one line. */
  description: string
  /** Its system prompt: all of the file below its head. */
  system: string
  /** Default that of whoever asks it. */
  model?: ModelAlias | ModelId | undefined
  /** Default all. */
  allowTools?: readonly string[] | undefined
  denyTools?: readonly string[] | undefined
}

/** Options of {@link loadAgents}. */
export interface LoadAgentsOptions {
  /** Gets what is wrong with a file that is no agent, or with a part of one that is left out. Default: it is passed over. */
  onProblem?: ((problem: { file: string; reason: string }) => void) | undefined
}

const maxAgents = 200

/**
 * Finds the sub-agents in some folders: in each, the files that end in `.md` and begin with `name` and `description`, as YAML
 * has text, between two lines of `---`. `tools` and `disallowedTools` in the head, lists or names between commas, say which
 * tools it has; `model` is an alias, an id, or `inherit`. Of two agents of one name the first is taken, and of the files in a
 * folder the first 200 by name. A folder that does not exist holds none.
 *
 * A file that is, or lies behind, a link that leads out of the given folder is none.
 *
 * @example
 * createAgent({ tools, agents: await loadAgents(['.claude/agents', join(homedir(), '.claude/agents')]) })
 */
export async function loadAgents(
  folders: readonly string[],
  { onProblem }: LoadAgentsOptions = {},
): Promise<LoadedAgent[]> {
  const found = new Map<string, LoadedAgent>()
  for (const folder of folders) {
    const names = await listFiles(folder)
    if (!names.length) continue
    const roots = createRoots({ cwd: folder })
    if (names.length > maxAgents)
      onProblem?.({ file: folder, reason: `Only the first ${maxAgents} files in it are used.` })
    for (const name of names.slice(0, maxAgents)) {
      const file = join(folder, name)
      const tell = (reason: string) => onProblem?.({ file, reason })
      try {
        const { head, body } = await readHeadedFile(roots, name)
        const agent = toAgent(head, body, tell)
        if (found.has(agent.name)) throw new Error('There is another agent of this name.')
        found.set(agent.name, agent)
      } catch (error) {
        tell((error as Error).message)
      }
    }
  }
  return [...found.values()]
}

function toAgent(head: string, body: string, tell: (reason: string) => void): LoadedAgent {
  const fields = parseHead(head)
  const text = (name: string) => {
    const { text = '', warning } = fields.get(name) ?? {}
    if (warning) tell(warning)
    return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  }
  const name = text('name')
  const description = text('description')
  const model = text('model')
  if (!/^[\w-]{1,64}$/.test(name)) throw new Error('Its name must be 1 to 64 letters, digits, hyphens and underscores.')
  if (!description || description.length > 4_096)
    throw new Error('Its description must be a text of 1 to 4,096 characters.')
  const [allowTools, denyTools] = ['tools', 'disallowedTools'].map((name) => toolNames(head, name, tell))
  return {
    name,
    description,
    system: body,
    ...(model && model !== 'inherit' && { model: model as ModelId }),
    ...(allowTools && { allowTools }),
    ...(denyTools && { denyTools }),
  }
}

/** What is no name is left out of what is allowed, and ends the agent where it was to be forbidden. */
function toolNames(head: string, field: string, tell: (reason: string) => void): string[] | undefined {
  return parseHeadList(head, field)?.filter((name) => {
    if (/^[\w*-]+$/.test(name)) return true
    if (field !== 'tools') throw new Error(`"${name}" in ${field} is no name of a tool.`)
    tell(`"${name}" in ${field} is no name of a tool: it is left out.`)
    return false
  })
}

async function listFiles(folder: string): Promise<string[]> {
  const names: string[] = []
  try {
    for await (const { name } of await opendir(folder)) {
      if (basename(name).endsWith('.md') && !name.startsWith('.')) names.push(name)
    }
  } catch {
    return []
  }
  return names.sort()
}
