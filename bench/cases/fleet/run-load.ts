import { EventEmitter, once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { timesAnswered } from './create-model.ts'
import { type Contender, startRun } from './start-run.ts'
import type { Services } from './start-services.ts'

export interface Load {
  sessions: number
  /** Of each session, one after the other. */
  prompts: number
  workers: number
  /** What the model takes for an answer, and the tool, in milliseconds. */
  modelMs: number
  toolMs: number
  kills: number
  seed: number
}

export interface Outcome {
  ms: number
  effectsTwice: number
  /** Calls of which the model was told that nobody knows whether they had their effect. */
  unknown: number
  paidAgain: number
  /** Prompts that were answered never, or more than once. */
  notOnce: number
}

/** After that a prompt counts as lost. */
const patienceMs = 120_000

/** Has one contender do the whole load once. */
export async function runLoad(contender: Contender, services: Services, load: Load): Promise<Outcome> {
  const { sessions, ask, workers, model, effects, historyOf, end } = await startRun(contender, services, load)
  const ordersOf = (session: string) => Array.from({ length: load.prompts }, (_, n) => `${session}-${n}`)
  const all = load.sessions * load.prompts
  const progress = new EventEmitter()
  let asked = 0

  async function talk(session: string): Promise<void> {
    for (const order of ordersOf(session)) {
      await Promise.race([ask(session, order).catch(() => {}), setTimeout(patienceMs, undefined, { ref: false })])
      asked++
      progress.emit('asked')
    }
  }
  /** At the same places of the work, whoever does it. */
  async function killSome(): Promise<void> {
    const random = createRandom(load.seed)
    for (let n = 1; n <= load.kills; n++) {
      while (asked < (n * all) / (load.kills + 1)) await once(progress, 'asked')
      await setTimeout(random() * 200)
      await workers.replace(random)
    }
  }

  const began = performance.now()
  const killing = killSome()
  await Promise.all(sessions.map(talk))
  const ms = performance.now() - began
  await killing
  await end()
  const times = sessions.flatMap((session) => {
    const history = JSON.stringify(historyOf(session))
    return ordersOf(session).map((order) => timesAnswered(order, history))
  })
  const paid = effects()
  return {
    ms,
    effectsTwice: paid.length - new Set(paid).size,
    unknown: model.unknown(),
    paidAgain: model.paidAgain(),
    notOnce: times.filter((answers) => answers !== 1).length,
  }
}

/** The same numbers from 0 to 1 for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
