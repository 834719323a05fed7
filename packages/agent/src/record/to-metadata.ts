import type { Entry, TurnStatus } from '../journal/entry.ts'
import { readRun } from './run/read-run.ts'
import type { Run } from './run/run.ts'
import { toolHosts } from './tool-hosts.ts'

/** What a run came to, in the names that records of runs have had before us. */
export interface RunMetadata {
  session_id: string
  title: string | null
  model: string
  /** How the last turn ended; `open` where the journal ends within one, `empty` where there is none. */
  status: TurnStatus | 'open' | 'empty'
  /** At list prices; `null` where a part of it has none. */
  cost_usd: number | null
  /** The time that turns took, in seconds, without what passed between them. */
  duration_s: number
  /** Requests to the model that were answered. */
  num_turns: number
  /** How often the session was asked. */
  num_prompts: number
  input_tokens: number
  cache_creation_input_tokens: number
  cache_read_input_tokens: number
  output_tokens: number
  total_tokens: number
  /** Those that were offered, and those that were called. */
  tools: ToolMetadata[]
  started_at: string | null
  ended_at: string | null
}

/** A tool of a session, and where it runs. */
export interface ToolMetadata {
  name: string
  /** Where it runs; `null` where nobody has said so. */
  hostname: string | null
  port: number | null
  node_id: string | null
  calls: number
  errors: number
  /** Its work, in seconds. */
  duration_s: number
}

/** What the entries of a session cannot say. */
export interface MetadataOptions {
  /** Where tools run: the address of each by its name, or by that of its MCP server. */
  hosts?: Readonly<Record<string, string | URL>> | undefined
}

/**
 * A run in a few numbers: for a table, a profile, a dashboard.
 *
 * Where its tools run is told by `hosts`, by the session's `mcp_servers`, and by notes of the name `tool_host`, whose data
 * have `name`, `hostname`, `port` and `node_id`.
 *
 * @example
 * const { cost_usd, duration_s, num_turns } = toMetadata(entries)
 */
export function toMetadata(entries: Iterable<Entry>, { hosts = {} }: MetadataOptions = {}): RunMetadata {
  const list = [...entries]
  const run = readRun(list)
  const { tokens, cost } = run.totals
  return {
    session_id: run.id,
    title: run.title ?? null,
    model: run.params.model,
    status: run.status,
    cost_usd: run.totals.usage ? (cost?.usd ?? null) : 0,
    duration_s: seconds(run.turns.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0)),
    num_turns: run.replies,
    num_prompts: run.turns.filter(({ isResumed }) => !isResumed).length,
    input_tokens: tokens.input,
    cache_creation_input_tokens: tokens.cacheWrite,
    cache_read_input_tokens: tokens.cacheRead,
    output_tokens: tokens.output,
    total_tokens: tokens.input + tokens.cacheWrite + tokens.cacheRead + tokens.output,
    tools: toolsOf(run, toolHosts(list, run.params, hosts)),
    started_at: isoTime(run.startedAt),
    ended_at: isoTime(run.endedAt),
  }
}

type Host = ReturnType<ReturnType<typeof toolHosts>>

function toolsOf(run: Run, hostOf: (name: string) => Host): ToolMetadata[] {
  const tools = new Map<string, ToolMetadata>()
  const toolOf = (name: string) => {
    const tool = tools.get(name) ?? { name, ...hostOf(name), calls: 0, errors: 0, duration_s: 0 }
    tools.set(name, tool)
    return tool
  }
  for (const tool of run.params.tools ?? []) {
    const { name } = tool as { name?: unknown }
    if (typeof name === 'string') toolOf(name)
  }
  for (const { steps } of run.turns) {
    for (const step of steps) {
      if (step.kind !== 'call') continue
      const tool = toolOf(step.name)
      tool.calls++
      if (step.result?.isError) tool.errors++
      tool.duration_s += (step.ms ?? 0) / 1_000
    }
  }
  return [...tools.values()].map((tool) => ({ ...tool, duration_s: seconds(tool.duration_s * 1_000) }))
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100
}

function isoTime(ms: number): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}
