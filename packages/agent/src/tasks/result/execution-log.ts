import type { Entry } from '../../journal/entry.ts'
import { type AgentEvent, eventsOf } from '../../turn/agent-event.ts'
import { type TaskStep, taskSteps } from '../task-step.ts'

/** What happened in a task, as its journal tells it; what is not in it stands in its place in time. */
export function executionLog(entries: readonly Entry[], others: readonly TaskStep[]): TaskStep[] {
  const toEvent = eventsOf()
  const toSteps = taskSteps()
  const log: TaskStep[] = []
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
    log.push(...toSteps(event))
    if (event.type !== 'reply' && event.type !== 'part' && event.type !== 'turn_end') continue
    if ('message' in event) for (const block of event.message.content) if ('id' in block) asked.add(block.id)
    log.push(...early.flatMap(toSteps))
    early = []
  }
  log.push(...early.flatMap(toSteps))
  for (const other of others) {
    const place = log.findIndex(({ at }) => at > other.at)
    log.splice(place < 0 ? log.length : place, 0, other)
  }
  return log
}
