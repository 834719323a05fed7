import { messageText, type OutputFormat, toReply } from '@enjamb/chat'
import type { Message, ModelChoice } from '@enjamb/core'
import type { SessionStore } from '../../journal/session-store.ts'
import { createTally } from '../../tally.ts'
import { eventsOf, type Pending } from '../../turn/agent-event.ts'
import { createTurn, type Turn } from '../../turn/turn.ts'
import type { TurnResult } from '../../turn/turn-result.ts'

/** A turn that has ended or waits, read from the journal: its facts as events, and what it came to. */
export function pastTurn(
  store: SessionStore,
  id: string,
  seq: number,
  { output, choice }: { output: OutputFormat<unknown> | undefined; choice: ModelChoice | undefined },
): Turn<never> {
  return createTurn(async (channel) => {
    const toEvent = eventsOf()
    const tally = createTally()
    const calls: TurnResult['calls'][number][] = []
    const pending = new Map<string, Pending>()
    let status: TurnResult['status'] | undefined
    let reason: string | undefined
    let message: Message | undefined
    let requests = 0
    let [began, ended] = [0, 0]
    for await (const entry of store.read(id, seq - 1)) {
      // One that was taken up after its end has another.
      if (status && status !== 'waiting' && entry.type === 'prompt') break
      ended = Date.parse(entry.at)
      began ||= ended
      if (entry.type === 'reply' || entry.type === 'part') {
        message = entry.message
        requests++
        tally.add({ usage: message.usage, cost: entry.cost })
      } else if (entry.type === 'spent' || entry.type === 'compaction') tally.add(entry)
      const event = toEvent(entry)
      if (!event) continue
      channel.push(event)
      if (event.type === 'tool_result') {
        const { type: _, seq: __, at: ___, ...call } = event
        calls.push(call)
        pending.delete(call.id)
      } else if (event.type === 'waiting') {
        const { type: _, seq: __, at: ___, ...call } = event
        pending.set(call.id, call)
      } else if (event.type === 'decision') pending.delete(event.id)
      else if (event.type === 'turn_end') {
        // One that failed has left no prompt of this id.
        status = event.status as TurnResult['status']
        reason = event.error?.message
        if (status !== 'waiting' && status !== 'over_budget' && status !== 'turn_limit' && event.status !== 'failed')
          break
      }
    }
    const { usage, cost } = tally
    const text = message ? messageText(message) : ''
    const durationMs = ended - began
    const reply = status === 'completed' && message && toReply(message, undefined, undefined, { messages: [] })
    const value = output && reply ? await output.read(reply) : undefined
    return {
      status: status ?? 'interrupted',
      reason,
      choice,
      unsent: [],
      value,
      text,
      message,
      pending: status === 'waiting' ? [...pending.values()] : [],
      calls,
      usage,
      cost,
      requests,
      durationMs,
    }
  })
}
