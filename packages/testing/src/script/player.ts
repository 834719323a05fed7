import { defaultTurn } from './default-turn.ts'
import type { Script } from './script.ts'
import type { TurnSpec } from './turn.ts'
import { type TurnRequest, toTurnRequest } from './turn-request.ts'

/** Plays a script: turns go out in the order in which requests come in, however long each takes. */
export interface Player {
  play(params: TurnRequest['params'], headers: TurnRequest['headers']): Promise<TurnSpec>
}

export function createPlayer({ turns }: Script): Player {
  let played = 0
  return {
    async play(params, headers) {
      // Taken before the first await, so that two requests never get the same turn.
      const request = toTurnRequest(params, headers, played)
      let turn = turns[played++]
      while (typeof turn === 'function') turn = await turn(request)
      if (turn === undefined) return defaultTurn(request)
      return typeof turn === 'string' ? { text: turn } : turn
    },
  }
}
