import type { ToolResultBlockParam } from '@enjamb/core'
import type { AgentEvent, Pending } from '../turn/agent-event.ts'

/** Something that happens in a task before its end. `at` is ISO 8601, in UTC. */
export type TaskStep = { at: string } & (
  | { type: 'thinking' | 'text'; content: string }
  | { type: 'tool_call'; content: { id: string; name: string; input: unknown } }
  | { type: 'tool_result'; content: TaskToolResult }
  | { type: 'agent_spawn'; content: { id: string; agent: string; session: string; background: boolean } }
  | { type: 'skill_invoke'; content: { id: string; skill: string; args?: string | undefined } }
  | { type: 'retry'; content: { attempt: number; why: string } }
  | { type: 'compaction'; content: { summary: string } }
  | { type: 'waiting'; content: Pending }
)

/** What a call came to. */
export interface TaskToolResult {
  /** Of the call. */
  id: string
  name: string
  content: ToolResultBlockParam['content']
  isError: boolean
  ms: number
}

/**
 * Makes a task's steps of a session's events. Thoughts and text come as they are written; of a reply that was not watched, each
 * comes whole.
 */
export function taskSteps(): (event: AgentEvent) => TaskStep[] {
  const calls = new Set<string>()
  let wasWatched = false

  function* of(event: AgentEvent): Generator<TaskStep> {
    const { at } = event
    const call = (id: string, name: string, input: unknown): TaskStep[] => {
      if (calls.has(id)) return []
      calls.add(id)
      return [{ type: 'tool_call', at, content: { id, name, input } }]
    }
    switch (event.type) {
      case 'thinking':
      case 'text':
        wasWatched = true
        yield { type: event.type, at, content: event.text }
        break
      case 'tool_call':
        yield* call(event.id, event.name, event.input)
        break
      case 'reply':
      case 'part':
        for (const block of event.message.content) {
          if (block.type === 'tool_use') yield* call(block.id, block.name, block.input)
          else if (wasWatched) continue
          else if (block.type === 'text' && block.text) yield { type: 'text', at, content: block.text }
          else if (block.type === 'thinking' && block.thinking) yield { type: 'thinking', at, content: block.thinking }
        }
        wasWatched = false
        break
      case 'tool_start': {
        const { skill, args } = Object(event.input) as { skill?: string; args?: string }
        if (event.name === 'Skill' && skill) yield { type: 'skill_invoke', at, content: { id: event.id, skill, args } }
        break
      }
      case 'tool_result': {
        const { id, name, result: content, isError, ms } = event
        yield { type: 'tool_result', at, content: { id, name, content, isError, ms } }
        break
      }
      case 'note': {
        // Of a backend that makes its requests itself.
        const { attempt, why } = Object(event.data) as { attempt?: unknown; why?: unknown }
        if (event.name === 'backend_retry') {
          yield { type: 'retry', at, content: { attempt: Number(attempt), why: `${why}` } }
        }
        break
      }
      case 'spawn': {
        const { id, agent, session, background = false } = event
        yield { type: 'agent_spawn', at, content: { id, agent, session, background } }
        break
      }
      case 'compaction':
        yield { type: 'compaction', at, content: { summary: event.summary } }
        break
      case 'waiting': {
        const { type: _, seq: __, at: ___, ...content } = event
        yield { type: 'waiting', at, content }
        break
      }
    }
  }
  return (event) => [...of(event)]
}
