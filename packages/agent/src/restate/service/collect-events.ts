import type { Agent } from '../../create-agent.ts'
import { pause } from '../../live/pause.ts'
import type { SessionEvent } from '../../live/session-event.ts'
import type { EventsMessage } from '../messages.ts'

/** One answer holds at most so many. */
const most = 500
/** What comes within that after the first one goes with it. */
const gatherMs = 20

/** What happens in a session behind a place, as soon as something does; nothing where nothing does for so long. */
export async function collectEvents(
  agent: Pick<Agent, 'events'>,
  id: string,
  { after, waitMs }: EventsMessage,
  left: AbortSignal,
): Promise<SessionEvent[]> {
  const controller = new AbortController()
  const signal = AbortSignal.any([controller.signal, left])
  const events: SessionEvent[] = []
  void pause(waitMs, signal).then(() => controller.abort())
  for await (const event of agent.events(id, { after, signal })) {
    if (events.push(event) === 1) void pause(gatherMs, signal).then(() => controller.abort())
    if (events.length === most) break
  }
  controller.abort()
  return events
}
