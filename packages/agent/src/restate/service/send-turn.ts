import type { Context } from '@restatedev/restate-sdk'
import type { Restate } from '../load-sdk.ts'
import { sessionsName, type TurnMessage } from '../messages.ts'

/** Has the engine call a session, once for each id that is not empty. */
export function sendTurn({ serde }: Restate, ctx: Context, session: string, message: TurnMessage): void {
  ctx.genericSend({
    service: sessionsName,
    method: 'turn',
    key: session,
    parameter: message,
    inputSerde: serde.json as never,
    ...(message.id && { idempotencyKey: message.id }),
  })
}
