import { setTimeout } from 'node:timers/promises'
import { script, type TurnFunction } from '@enjamb/testing'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { startPostgres } from '../../../../test/start-postgres.ts'
import type { Entry } from '../../src/index.ts'
import { noteFigures } from '../note-figures.ts'
import { endFleets, setUpFleet, startFleets } from './set-up-fleet.ts'

/** How many sessions, prompts of each and killed workers: `LOAD=300,10,200` is what a fleet is held to. */
const [sessions, prompts, kills] = (process.env.LOAD ?? '40,4,8').split(',').map(Number) as [number, number, number]
const restarts = kills >= 20 ? 3 : 1

beforeAll(startFleets)
afterAll(endFleets)

/** Each prompt is answered after one or two rounds of calls. */
const reply: TurnFunction = ({ index, toolResults }) => {
  if (toolResults.length) return index % 3 ? `After ${toolResults.length} results.` : { toolCalls: [{ name: 'set' }] }
  return { toolCalls: index % 2 ? [{ name: 'pay' }] : [{ name: 'set' }, { name: 'pay' }] }
}

const ofType = <Type extends Entry['type']>(entries: Entry[], type: Type) =>
  entries.filter((entry): entry is Extract<Entry, { type: Type }> => entry.type === type)

const stores = [
  { store: 'files', isShared: false },
  { store: 'PostgreSQL', isShared: true },
]
it.each(stores)(
  'workers that are killed at any moment lose no prompt and do nothing twice, nor where what they need is killed: $store',
  {
    timeout: 3_600_000,
  },
  async ({ store, isShared }) => {
    const postgres = isShared ? await startPostgres({ settings: { max_connections: 200 } }) : undefined
    const fleet = await setUpFleet({
      workers: 4,
      script: script([{ times: Number.POSITIVE_INFINITY, reply }]),
      ...(postgres && { database: postgres.url }),
    })
    onTestFinished(async () => {
      await fleet.close()
      await postgres?.stop()
    })
    const { client, api, engine, children, addWorker, endWorker } = fleet
    const ids = Array.from({ length: sessions }, (_, n) => `${isShared ? 'p' : 'f'}${n}`)
    const promptsOf = (id: string) => Array.from({ length: prompts }, (_, n) => `${id}.${n}`)
    let killed = 0
    let answers = 0
    const began = performance.now()
    const all = Promise.all(
      ids.map(async (id) => {
        const turns = []
        // One after the other, so that there is an order to be kept.
        for (const prompt of promptsOf(id)) turns.push(await client.send(id, `Prompt ${prompt}.`, { id: prompt }))
        const results = []
        for (const turn of turns) {
          results.push(await turn.final())
          answers++
        }
        return results
      }),
    )
    let isOver = false
    void all.finally(() => (isOver = true)).catch(() => {})
    for (let restarted = 0; !isOver; ) {
      await setTimeout(Math.random() * 400)
      // As the work goes on, so that on a slow machine it does go on.
      if (killed >= kills || answers < (killed * sessions * prompts) / (kills + 1)) continue
      const victims = [...children.keys()]
      if (victims.length === 1) continue
      await endWorker(victims[Math.floor(Math.random() * victims.length)]!, 'SIGKILL')
      killed++
      // While it starts, others are killed.
      void addWorker()
      if (restarted === restarts || killed < ((restarted + 1) * kills) / (restarts + 1)) continue
      restarted++
      await engine.restart()
      await postgres?.restart()
    }
    const results = (await all).flat()
    const ms = performance.now() - began
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['completed']))

    let reported = 0
    let again = 0
    const costs: number[] = []
    const effects = fleet.effects()
    for (const id of ids) {
      const entries = await fleet.entries(id)
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, n) => n + 1))
      // Each once, and in the order in which they were sent.
      expect(ofType(entries, 'prompt').map(({ id }) => id)).toEqual(promptsOf(id))
      expect(ofType(entries, 'turn').filter(({ status }) => status === 'completed')).toHaveLength(prompts)
      expect(entries.at(-1)).toMatchObject({ type: 'turn', status: 'completed' })
      const asked = ofType(entries, 'reply').flatMap(({ message }) =>
        message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : [])),
      )
      const answered = ofType(entries, 'result').map(({ id }) => id)
      expect([...answered].sort()).toEqual([...asked].sort())
      for (const { isError, content } of ofType(entries, 'result')) {
        if (!isError) continue
        reported++
        expect(content).toContain('may have had effects')
      }
      costs.push(...ofType(entries, 'reply').map(({ cost }) => cost!.nanoUsd))
    }
    const paid = effects.filter(([, name]) => name === 'pay').map(([, , key]) => key)
    expect(new Set(paid).size).toBe(paid.length)
    const set = effects.filter(([, name]) => name === 'set').map(([, , key]) => key)
    again = set.length - new Set(set).size
    // What the journals say is what was billed, but for replies that never came whole: one a session a kill at most.
    const billed = api.ledger.entries.map(({ cost }) => cost!.nanoUsd)
    for (const cost of costs) {
      const at = billed.indexOf(cost)
      expect(at).not.toBe(-1)
      billed.splice(at, 1)
    }
    // Every history was accepted.
    expect(api.ledger.answers).toBe(api.requests.length)
    // Nobody holds anything any more.
    let free = 0
    for (const id of ids) free += Number(await fleet.isFree(id))
    expect(free).toBe(ids.length)
    expect(await fleet.admin.parked()).toEqual([])
    expect(killed).toBeGreaterThanOrEqual(kills)
    if (kills >= 100) expect([reported > 0, again > 0]).toEqual([true, true])
    noteFigures(
      `kills-${isShared ? 'postgres' : 'files'}`,
      `4 workers killed at any moment, ${sessions} sessions of ${prompts} prompts, journals in ${store}`,
      [
        `${killed} kills, ${restarts} of the engine${isShared ? ' and of PostgreSQL' : ''}, in ${Math.round(ms / 1_000)} s`,
        `each of ${results.length} prompts answered once and in order`,
        `${effects.length} effects, none twice that may not be: ${reported} calls reported as unknown, ${again} made again that may be`,
        `all ${api.requests.length} histories accepted`,
        `each of ${costs.length} replies in the provider's ledger, which has ${billed.length} more that came to nobody`,
        `${ids.length - free} leases left, no turn parked`,
      ].join('; '),
    )
  },
)
