import type { ToolFilter } from '@enjamb/tools'
import type { BackendSettings } from '../../backend/backend.ts'

/** What the program may use: its own tools and those of servers, by the rules of the agent. */
export function toRules(
  { rules, filters }: Pick<BackendSettings, 'rules' | 'filters'>,
  servers: readonly string[],
): string[] {
  const lists = filters.flatMap(({ allow }) => (allow ? [allow] : []))
  const offered = named(lists)
  const withheld = filters.flatMap(({ deny = [] }) => deny)
  // A server of which no tool is offered.
  const unused = servers.filter((name) => !lists.every((list) => list.some((one) => isOf(one, name))))
  const unasked = rules ? rules.allow : [...(offered ?? []), ...servers.map((name) => `mcp__${name}`)]
  const denied = [...(rules?.deny ?? []), ...withheld, ...unused.map((name) => `mcp__${name}`)]
  const mode = typeof rules?.mode === 'function' ? rules.mode() : (rules?.mode ?? 'default')
  const own = offered?.filter((name) => !name.startsWith('mcp__'))
  return [
    ...(own ? ['--tools', ...(own.length ? own : [''])] : []),
    ...(unasked.length ? ['--allowedTools', ...unasked] : []),
    ...(denied.length ? ['--disallowedTools', ...denied] : []),
    ...(rules?.ask.length ? ['--settings', JSON.stringify({ permissions: { ask: rules.ask } })] : []),
    ...(modes[mode] ? ['--permission-mode', modes[mode]] : []),
  ]
}

const modes: Readonly<Record<string, string | undefined>> = {
  acceptEdits: 'acceptEdits',
  plan: 'plan',
  bypass: 'bypassPermissions',
}

/** The names that all lists have; `undefined` where one of them leaves open which there are. */
function named(lists: readonly NonNullable<ToolFilter['allow']>[]): string[] | undefined {
  const plain = lists.filter((list) => !list.some((one) => /^\*$/.test(one)))
  const [first, ...others] = plain
  return first?.filter((name) => others.every((list) => list.includes(name)))
}

function isOf(name: string, server: string): boolean {
  return name === '*' || name === 'mcp__*' || name === `mcp__${server}` || name.startsWith(`mcp__${server}__`)
}
