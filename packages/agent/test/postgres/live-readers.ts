import { request } from 'node:http'
import { setTimeout } from 'node:timers/promises'

export interface LiveReadersSettings {
  ports: number[]
  sessions: string[]
  /** Of each session. */
  readers: number
}

/** What readers were given. */
export interface LiveReport {
  /** Places of the facts of a session, as one of its readers was given them. */
  read: { id: string; seqs: number[] }[]
  /** From when a fact was written to when it was read, in milliseconds. */
  delays: number[]
  connections: number
  cpuSeconds: number
}

/**
 * Many readers in one process, each of which comes back every second, to any of the workers, behind what it was given last. What they do is
 * what an `EventSource` does, with as little as that takes.
 */
const { ports, sessions, readers }: LiveReadersSettings = JSON.parse(process.argv[2]!)
const delays: number[] = []
let connections = 0

function connect(
  id: string,
  after: string,
  ms: number,
  enough: Promise<void>,
  onEvent: (position: string, event: LiveEvent) => void,
) {
  connections++
  return new Promise<void>((resolve, reject) => {
    const port = ports[Math.floor(Math.random() * ports.length)]!
    const options = { port, host: '127.0.0.1', path: `/sessions/${id}/events`, agent: false as const }
    const headers = after ? { 'last-event-id': after } : {}
    const asking = request({ ...options, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${response.statusCode} for ${id}`))
      let rest = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const frames = (rest + chunk).split('\n\n')
        rest = frames.pop()!
        for (const frame of frames) {
          const [, position, data] = /^id: (.*)\ndata: (.*)$/.exec(frame) ?? []
          if (data) onEvent(position!, JSON.parse(data))
        }
      })
    })
    asking.on('error', (error) => (asking.destroyed ? undefined : reject(error))).on('close', resolve)
    asking.end()
    // Where the machine is slow, not before something came.
    void Promise.all([setTimeout(ms), enough]).then(() => asking.destroy())
  })
}

interface LiveEvent {
  type: string
  at: string
  seq?: number
}

async function read(id: string) {
  const seqs: number[] = []
  let position = ''
  let hasEnded = false
  for (let ms = 1_000 * Math.random(); !hasEnded; ms = 900 + 200 * Math.random()) {
    let heard = 0
    let isEnough = () => {}
    const enough = new Promise<void>((resolve) => {
      isEnough = resolve
    })
    await connect(id, position, ms, enough, (now, { seq, at, type }) => {
      position = now
      if (++heard === 5 || type === 'turn_end') isEnough()
      if (seq === undefined) return
      seqs.push(seq)
      delays.push(Date.now() - Date.parse(at))
      hasEnded ||= type === 'turn_end'
    })
  }
  return { id, seqs }
}

const began = process.cpuUsage()
const read_ = await Promise.all(sessions.flatMap((id) => Array.from({ length: readers }, () => read(id))))
const { user, system } = process.cpuUsage(began)
const report: LiveReport = { read: read_, delays, connections, cpuSeconds: (user + system) / 1e6 }
process.send!(report, () => process.disconnect())
