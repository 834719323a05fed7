import { fork } from 'node:child_process'
import { on, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { postgresStore } from '../../src/postgres/index.ts'
import { buildProgram } from '../build-program.ts'
import { type FoundPostgres, findPostgres } from '../find-postgres.ts'
import { noteFigures } from '../note-figures.ts'
import type { LiveReadersSettings, LiveReport } from './live-readers.ts'
import type { LiveWorkerSettings } from './live-worker.ts'

/** How many sessions are followed, and for how many seconds: `LIVE=200,15` is what a fleet is held to. */
const [sessions, seconds] = (process.env.LIVE ?? '20,2').split(',').map(Number) as [number, number]
const workers = 2
const readers = 4
/** Five calls a second, of two facts each. */
const callMs = 200

let postgres: FoundPostgres
let folder: string
const programOf = (name: string) => join(folder, `${name}.mjs`)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enjamb-live-'))
  const programs = ['live-worker', 'live-readers']
  ;[postgres] = await Promise.all([
    findPostgres(),
    ...programs.map((name) => buildProgram(new URL(`${name}.ts`, import.meta.url), programOf(name))),
  ])
})
afterAll(async () => {
  await postgres.stop()
  rmSync(folder, { recursive: true })
})

/** A process, and what it says, one thing after the other. */
function start(name: string, settings: object) {
  const child = fork(programOf(name), [JSON.stringify(settings)])
  const exited = once(child, 'exit')
  const said = on(child, 'message', { close: ['disconnect'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    tell: (what: string) => child.send(what),
    async hear<T>(): Promise<T> {
      const { value } = await said.next()
      if (!value) throw new Error(`A ${name} has ended.`)
      return value[0]
    },
    exited,
  }
}

it('four readers of each of many sessions, who come back every second, get each fact once, and miss none', {
  timeout: 600_000,
}, async () => {
  const ids = Array.from({ length: sessions }, (_, n) => `live-${n}`)
  const shareOf = (count: number, n: number) => ids.filter((_, k) => k % count === n)
  const children = Array.from({ length: workers }, (_, n) => {
    const settings: LiveWorkerSettings = {
      database: postgres.url,
      sessions: shareOf(workers, n),
      calls: (seconds * 1_000) / callMs,
      callMs,
    }
    return start('live-worker', settings)
  })
  const ports = await Promise.all(children.map(({ hear }) => hear<number>()))
  for (const { tell } of children) tell('begin')
  await Promise.all(children.map(({ hear }) => hear()))
  const began = performance.now()
  const reports = await Promise.all(
    [0, 1].map((n) => {
      const settings: LiveReadersSettings = { ports, sessions: shareOf(2, n), readers }
      return start('live-readers', settings).hear<LiveReport>()
    }),
  )
  const cpu = await Promise.all(children.map(({ hear }) => hear<number>()))
  const took = (performance.now() - began) / 1_000
  for (const { tell } of children) tell('end')
  await Promise.all(children.map(({ exited }) => exited))

  const pool = postgres.newPool()
  const store = postgresStore(pool)
  const hidden = ['session', 'checkpoint', 'spent', 'reserved', 'settled', 'task']
  let facts = 0
  for (const id of ids) {
    const told: number[] = []
    for await (const { seq, type } of store.read(id)) if (!hidden.includes(type)) told.push(seq)
    facts += told.length
    const read = reports.flatMap((report) => report.read.filter((one) => one.id === id))
    expect(read.map(({ seqs }) => seqs)).toEqual(Array(readers).fill(told))
  }
  const delays = reports.flatMap((report) => report.delays).sort((a, b) => a - b)
  const connections = reports.reduce((sum, report) => sum + report.connections, 0)
  const at = (share: number) => delays[Math.floor(delays.length * share)]
  const round = (value: number) => Math.round(value * 10) / 10
  const cpuOf = (all: number[]) => round(all.reduce((a, b) => a + b))
  const measured = [
    `a second ${round(facts / took)} facts, given ${round(delays.length / took)} times, and ${round(connections / took)} connections`,
    `delay p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${delays.at(-1)} ms`,
    `CPU of the workers ${cpuOf(cpu)} s, of the readers ${cpuOf(reports.map(({ cpuSeconds }) => cpuSeconds))} s, in ${round(took)} s`,
  ]
  noteFigures(
    'live',
    `${sessions} sessions at 10 facts a second, ${readers} readers of each who come back every second, no gap, none twice`,
    measured.join('; '),
  )
})
