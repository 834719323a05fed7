import type { Entry } from '../journal/entry.ts'
import { type AgentEvent, eventsOf } from '../turn/agent-event.ts'
import { type TaskEvent, taskEvents } from './task-event.ts'

/** What happened in a task, as its journal tells it; what is not in it stands in its place in time. */
export function executionLog(entries: readonly Entry[], others: readonly TaskEvent[]): TaskEvent[] {
  const toEvent = eventsOf()
  const toTaskEvents = taskEvents()
  const log: TaskEvent[] = []
  const asked = new Set<string>()
  // A call may have an answer before the reply that asks for it is whole.
  let early: AgentEvent[] = []
  for (const entry of entries) {
    const event = toEvent(entry)
    if (!event) continue
    if ((event.type === 'tool_start' || event.type === 'tool_result') && !asked.has(event.id)) {
      early.push(event)
      continue
    }
    log.push(...toTaskEvents(event))
    if (event.type !== 'reply' && event.type !== 'part' && event.type !== 'turn_end') continue
    if ('message' in event) for (const block of event.message.content) if ('id' in block) asked.add(block.id)
    log.push(...early.flatMap(toTaskEvents))
    early = []
  }
  log.push(...early.flatMap(toTaskEvents))
  for (const other of others) {
    const place = log.findIndex(({ at }) => at > other.at)
    log.splice(place < 0 ? log.length : place, 0, other)
  }
  return log
}
