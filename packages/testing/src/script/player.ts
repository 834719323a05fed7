import { defaultTurn } from './default-turn.ts'
import type { Script } from './script.ts'
import type { ConditionalTurn, Reply, Turn, TurnSpec } from './turn.ts'
import { matches } from './turn-match.ts'
import { type TurnRequest, toTurnRequest } from './turn-request.ts'

/** Plays a script: turns go out in the order in which requests come in, however long each takes. */
export interface Player {
  play(params: TurnRequest['params'], headers: TurnRequest['headers']): Promise<TurnSpec>
}

export function createPlayer({ turns }: Script): Player {
  const left = turns.map(toConditional)
  let played = 0
  return {
    async play(params, headers) {
      const request = toTurnRequest(params, headers, played++)
      // Taken before the first await, so that two requests never get the same turn.
      let reply = take(left, request)
      while (typeof reply === 'function') reply = await reply(request)
      if (reply === undefined) return defaultTurn(request)
      return typeof reply === 'string' ? { text: reply } : reply
    },
  }
}

function take(left: Required<Omit<ConditionalTurn, 'when'>>[], request: TurnRequest): Reply | undefined {
  const index = left.findIndex(({ when, times }: ConditionalTurn) => (times ?? 0) > 0 && matches(when, request))
  const turn = left[index]
  if (!turn) return undefined
  turn.times--
  if (turn.times <= 0) left.splice(index, 1)
  return turn.reply
}

function toConditional(turn: Turn) {
  const isConditional = typeof turn === 'object' && 'reply' in turn
  return isConditional ? { times: 1, ...turn } : { times: 1, reply: turn }
}
