import { setTimeout } from 'node:timers/promises'
import type { LocalFleet } from './start-fleet.ts'

/** Gives each session one prompt after the other, until the cap is reached or somebody says stop. */
export function keepAsking({ client }: LocalFleet, sessions: number) {
  const counts = { sent: 0, refused: 0 }
  const stop = new AbortController()
  async function ask(id: string): Promise<void> {
    for (let n = 1; !stop.signal.aborted; n++) {
      const turn = await client.send(id, `The lamps of order ${id.toUpperCase()}${n} came broken.`, {
        id: `${id}/${n}`,
      })
      counts.sent++
      const { status } = await turn.final(stop.signal)
      if (status === 'over_budget') return void counts.refused++
      await setTimeout(300, undefined, { signal: stop.signal })
    }
  }
  const ids = Array.from({ length: sessions }, (_, n) => `complaint-${n + 1}`)
  const ended = Promise.all(ids.map((id) => ask(id).catch((error) => stop.signal.aborted || Promise.reject(error))))
  return { counts, ended, stop: () => stop.abort(), isStopped: () => stop.signal.aborted }
}
