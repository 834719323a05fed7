import { strictEqual } from 'node:assert'
import { atMostRounds } from '../at-most-rounds.ts'
import { pairedRatio } from '../cpu-by-round.ts'
import { leftOut, runsHere } from '../load-peer.ts'
import { median, type Report } from '../report.ts'
import { pollingIntervalMs } from './fleet/asked.ts'
import { connectBullMQ } from './fleet/clients/bullmq.ts'
import { connectDBOS } from './fleet/clients/dbos.ts'
import { connectRestate } from './fleet/clients/restate.ts'
import { type Load, type Outcome, runLoad } from './fleet/run-load.ts'
import type { Contender } from './fleet/start-run.ts'
import { hasRedis, startServices } from './fleet/start-services.ts'

// Node reads the workers' types by itself from here on.
const node = '>=22.18'

const load: Load = { sessions: 60, prompts: 5, workers: 4, modelMs: 100, toolMs: 100, kills: 0, seed: 0 }
const kills = 10
/** Each has the load to do so often without kills, and so often with them. */
const rounds = atMostRounds(3)

const onBullMQ: Contender[] = [
  { name: 'enjamb on BullMQ', worker: 'bullmq', connect: connectBullMQ, hasJournals: true },
  { name: '`@anthropic-ai/sdk` on BullMQ', worker: 'messages-loop', connect: connectBullMQ },
]
const contenders: Contender[] = [
  { name: 'enjamb on Restate', worker: 'restate', connect: connectRestate, hasJournals: true },
  { name: 'enjamb on DBOS', worker: 'dbos', connect: connectDBOS, hasJournals: true },
  { name: '`durableCalls` of DBOS', worker: 'durable-calls', connect: connectDBOS },
  ...(hasRedis ? onBullMQ : []),
]

const title = 'A fleet whose workers are killed'
const method = `${load.sessions} sessions of ${load.prompts} prompts each, one after the other, on ${load.workers} workers, each a process. A prompt takes two answers of the model (a server of \`@enjamb/testing\`, ${load.modelMs} ms each) and between them one call of a tool that has an effect in the middle of its ${load.toolMs} ms. Everything runs on this machine: the workers, who asks, PostgreSQL, Redis and the engine, each as durable as it is by its documentation. Medians of ${rounds} rounds in turns; the ratios to the first are those of the same rounds. Then the same with ${kills} workers killed by SIGKILL, by chance but the same for all, and replaced; the counts are of all ${rounds * load.sessions * load.prompts} prompts.

What they are: enjamb keeps a journal in PostgreSQL, is dispatched by Restate, or called by \`resumeTurn\` in one step of DBOS or one job of BullMQ (the recipes of the guide). \`durableCalls\` of \`@dbos-inc/vercel-ai\` makes each model call of the AI SDK's \`generateText\` a step, and the tool is one by \`DBOS.runStep\`, as its guide has it; a worker that is started again has its own executor id, and takes up what the one before had begun. It asks for version 4 of DBOS, so both run on that. \`@anthropic-ai/sdk\` stands in a plain loop in a job of BullMQ, which is done again when it stalls. These two keep no sessions: who asks sends the history along. DBOS looks for work each ${pollingIntervalMs} ms, in place of each second; BullMQ notices a dead worker after 5 to 7 s, in place of half a minute to a minute.

Not measured: more than one machine, DBOS with its Conductor, spending caps, live events; and effects that carry a key by which whoever has them would do them once.`

/** The same load on several workers, by enjamb and by what others do, with nobody killed and with workers killed. */
export default async function run(): Promise<Report> {
  if (!runsHere(node)) {
    leftOut.push(`all of it, which asks for Node ${node}`)
    return { title, method, rows: [], goals: [] }
  }
  if (!hasRedis) leftOut.push('BullMQ, for want of `valkey-server` or `redis-server`')
  const quiet = new Map(contenders.map((contender) => [contender, [] as Outcome[]]))
  const struck = new Map(contenders.map((contender) => [contender, [] as Outcome[]]))
  const services = await startServices()
  try {
    for (let round = 0; round < rounds; round++) {
      for (const contender of contenders) {
        quiet.get(contender)!.push(await runLoad(contender, services, load))
        struck.get(contender)!.push(await runLoad(contender, services, { ...load, kills, seed: round + 1 }))
      }
    }
  } finally {
    await services.stop()
  }
  const rows = contenders.map((contender) => toRow(contender, contenders[0]!, quiet, struck))
  for (const outcomes of quiet.values()) strictEqual(sum(outcomes, 'notOnce'), 0)
  const ours = contenders.filter(({ hasJournals }) => hasJournals).flatMap((contender) => struck.get(contender)!)
  return {
    title,
    method,
    rows: [],
    table: [
      [
        '',
        'time',
        'ratio',
        'with kills',
        'ratio',
        'effects that ran twice',
        'effects unknown to the model',
        'answers paid again',
        'prompts lost or answered twice',
      ],
      ...rows,
    ],
    goals: [
      { what: 'effects of ours that ran twice', atMost: 0, measured: sum(ours, 'effectsTwice') },
      { what: 'prompts of ours lost or answered twice', atMost: 0, measured: sum(ours, 'notOnce') },
    ],
  }
}

function toRow(
  contender: Contender,
  base: Contender,
  ...[quiet, struck]: [quiet: Map<Contender, Outcome[]>, struck: Map<Contender, Outcome[]>]
): string[] {
  const times = [quiet, struck].flatMap((outcomes) => {
    const ms = outcomes.get(contender)!.map(({ ms }) => ms)
    const ratio = pairedRatio(
      ms,
      outcomes.get(base)!.map(({ ms }) => ms),
    )
    return [`${(median(ms) / 1_000).toFixed(1)} s`, ratio.toFixed(2)]
  })
  const counts = (['effectsTwice', 'unknown', 'paidAgain', 'notOnce'] as const).map((count) =>
    String(sum(struck.get(contender)!, count)),
  )
  return [contender.name, ...times, ...counts]
}

const sum = (outcomes: Outcome[], count: keyof Outcome) =>
  outcomes.reduce((total, outcome) => total + outcome[count], 0)
