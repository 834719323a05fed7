import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAgent, type EntryBody, type Session } from '@enjamb/agent'
import { fileStore } from '@enjamb/agent/node'
import { createClient } from '@enjamb/core'
import { defineTool } from '@enjamb/tools'
import { createFetchAPI } from './fetch-api.ts'

/** Measures one thing about sessions in a process of its own, and prints it: `node --expose-gc client.ts <what> <port>`. */
const [what, port] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'enjamb-sessions-'))
const input = { type: 'object', properties: { n: { type: 'integer' } } } as const
const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input,
  readOnly: true,
  run: () => 'It is sunny. '.repeat(80),
})
const options = { model: 'claude-haiku-4-5', maxTokens: 1_000, tools: [look] }
const store = fileStore(folder)

/** What is left when collecting finds nothing more: what others finalise goes in later rounds. */
async function memory(): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let idle = 0; idle < 10; idle++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const { heapUsed, external } = process.memoryUsage()
    if (heapUsed + external < least * 0.99) idle = 0
    least = Math.min(least, heapUsed + external)
  }
  return least
}

/** Entries as those of a turn without calls, of about 1,200 bytes. */
function turnEntries(n: number): EntryBody[] {
  const text = `Answer ${n}. `.padEnd(500, 'and so on ')
  const usage = { input_tokens: 100, output_tokens: 100 }
  const message = { id: `msg_${n}`, type: 'message', role: 'assistant', model: options.model, usage }
  const whole = { ...message, content: [{ type: 'text', text, citations: null }], stop_reason: 'end_turn' }
  return [
    { type: 'prompt', id: `prompt-${n}`, content: `Question ${n}?` },
    { type: 'reply', message: whole as never, cost: undefined },
    { type: 'turn', status: 'completed' },
  ]
}

const measures: Record<string, () => Promise<object>> = {
  /** Many sessions at work at the same time. */
  async busy() {
    const client = createClient({ apiKey: 'none', baseURL: `http://127.0.0.1:${port}` })
    const agent = createAgent({ ...options, client, store })
    const sessions = await Promise.all(Array.from({ length: 200 }, () => agent.session()))
    const talk = async (session: Session) => {
      for (let n = 0; n < 5; n++) await session.send(`Question ${n}?`).final()
    }
    await Promise.all(sessions.map(talk))
    return { peakMB: process.resourceUsage().maxRSS / 1_000 }
  },

  /** Sessions that are open and wait for a prompt. */
  async idle() {
    const agent = createAgent({ ...options, client: createClient({ apiKey: 'none', fetch: createFetchAPI() }), store })
    const sessions: Session[] = []
    const begin = async () => {
      const session = await agent.session()
      await session.send('Question?').final()
      sessions.push(session)
    }
    for (let n = 0; n < 20; n++) await begin()
    const before = await memory()
    for (let n = 0; n < 2_000; n += 50) await Promise.all(Array.from({ length: 50 }, begin))
    const grown = (await memory()) - before
    const histories = sessions.slice(20).reduce((sum, { messages }) => sum + JSON.stringify(messages).length, 0)
    return { MB: grown / 1e6, historiesMB: histories / 1e6 }
  },

  /** Turns that nobody reads. */
  async unread() {
    const agent = createAgent({ ...options, client: createClient({ apiKey: 'none', fetch: createFetchAPI() }) })
    const session = await agent.session()
    for (let n = 0; n < 100; n++) session.send('Never asked.')
    const before = await memory()
    for (let n = 0; n < 20_000; n++) session.send(`Never asked. ${n}`, { id: `key-${n}` })
    return { bytes: ((await memory()) - before) / 20_000 }
  },

  /** Long journals, opened. */
  async open() {
    const measured: Record<number, { ms: number; MB: number }> = {}
    const agent = createAgent({ ...options, tools: [], client: createClient({ apiKey: 'none' }), store })
    for (const turns of [5_000, 10_000, 20_000]) {
      const id = `long-${turns}`
      const session = await agent.session({ id })
      await session.close()
      const lease = await store.open(id)
      for (let n = 0; n < turns; n += 500) {
        await lease.append(Array.from({ length: 500 }, (_, at) => turnEntries(n + at)).flat())
      }
      await lease.release()
      const times: number[] = []
      for (let round = 0; round < 7; round++) {
        globalThis.gc?.()
        const start = performance.now()
        const long = await agent.session({ id, resume: true })
        times.push(performance.now() - start)
        await long.close()
      }
      const MB = statSync(join(folder, `${id}.jsonl`)).size / 1e6
      measured[turns] = { ms: times.sort((a, b) => a - b)[3]!, MB }
    }
    return measured
  },

  /** Turns that are on the disk, in many sessions at once, and the same text added to plain files. */
  async acknowledged() {
    const sessions = 200
    const each = 25
    const text = turnEntries(1)
      .map((entry) => JSON.stringify(entry))
      .join('\n')
    const leases = await Promise.all(
      Array.from({ length: sessions }, (_, n) => store.open(`acks-${n}`, { create: true })),
    )
    const ours = async () => {
      await Promise.all(
        leases.map(async (lease) => {
          for (let n = 0; n < each; n++) await lease.append(turnEntries(n))
        }),
      )
    }
    const plain = async () => {
      await Promise.all(
        leases.map(async (_, n) => {
          for (let turn = 0; turn < each; turn++) {
            const file = await open(join(folder, `plain-${n}`), 'a')
            await file.appendFile(text)
            await file.datasync()
            await file.close()
          }
        }),
      )
    }
    const rates: { ours: number[]; plain: number[] } = { ours: [], plain: [] }
    for (let round = -1; round < 7; round++) {
      for (const [name, run] of Object.entries({ ours, plain })) {
        const start = performance.now()
        await run()
        const rate = (sessions * each) / ((performance.now() - start) / 1_000)
        if (round >= 0) rates[name as 'ours'].push(rate)
      }
    }
    return rates
  },
}

const measured = await measures[what!]!()
rmSync(folder, { recursive: true, force: true })
console.log(JSON.stringify(measured))
process.exit()
