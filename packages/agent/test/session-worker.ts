import { appendFileSync } from 'node:fs'
import { createClient, createMessage } from '@enjamb/core'
import { defineTool, type ToolContext } from '@enjamb/tools'
import { CompactionError, createAgent, type Lease, type Session, type SessionStore } from '../src/index.ts'
import { fileStore } from '../src/node/index.ts'

/**
 * A process that has a conversation in a session of a folder until it is killed, or to its next end: `finish`. Each entry
 * that was acknowledged is named in the file `report`, each effect of a tool in the file `effects`, at once.
 */
const [directory, id, baseURL, report, effects, mode] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
]
const input = { type: 'object' } as const
const client = createClient({ apiKey: 'key', baseURL, retry: { maxRetries: 0 } })

const say = (line: string) => appendFileSync(report, `${line}\n`)
const act = (name: string, what: string, { idempotencyKey }: ToolContext) =>
  appendFileSync(effects, `${process.pid} ${name} ${what} ${idempotencyKey}\n`)

/** A tool that takes a moment between its beginning and its end. */
const tool = (name: string, traits: { readOnly?: boolean; idempotent?: boolean } = {}) =>
  defineTool({
    name,
    description: 'Works.',
    input,
    ...traits,
    async run(_, context) {
      act(name, 'begins', context)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 6))
      act(name, 'ends', context)
      return `${name} is done`
    },
  })

/** One that asks a model itself. */
const ask = defineTool({
  name: 'ask',
  description: 'Asks.',
  input,
  readOnly: true,
  async run(_, context) {
    const messages = [{ role: 'user' as const, content: 'Sum it up.' }]
    context.spend(await createMessage(client, { model: 'claude-haiku-4-5', max_tokens: 50, messages }))
    return 'asked'
  },
})

/** Says of each entry when it is acknowledged. */
function reporting(store: SessionStore): SessionStore {
  return {
    ...store,
    async open(...given) {
      const lease = await store.open(...given)
      const append: Lease['append'] = async (entries) => {
        const seq = await lease.append(entries)
        for (let n = entries.length - 1; n >= 0; n--) say(`ack ${seq - n}`)
        process.send?.('acknowledged')
        return seq
      }
      return { append, lost: lease.lost, release: () => lease.release() }
    },
  }
}

const agent = createAgent({
  client,
  model: 'opus',
  store: reporting(fileStore(directory)),
  tools: [tool('read', { readOnly: true }), tool('write'), tool('pay'), tool('set', { idempotent: true }), ask],
  permission: ({ name }) => (name === 'pay' ? { defer: true } : { allow: true }),
})

/** One step: what was begun goes on, what waits is allowed, the history is summed up, or the next question is asked. */
async function step(session: Session, n: number): Promise<void> {
  if (session.status === 'interrupted') await session.continue()!.final()
  else if (session.status === 'waiting') {
    for (const { id, hash } of session.pending) await (await session.decide(id, { allow: true, hash }))?.final()
  } else if (session.messages.length > 3 && Math.random() < 0.5) {
    // Of a short history there is no shorter summary.
    await session.compact().catch((error) => {
      if (!(error instanceof CompactionError)) throw error
    })
  } else await session.send('Go on.', { id: `prompt-${process.pid}-${n}` }).final()
}

say('begin')
const session = await agent.session({ id, resume: 'if-exists', owner: 'worker' })
try {
  for (let n = 0; mode === 'run' || session.status !== 'idle'; n++) await step(session, n)
  await session.send('The end.', { id: 'last' }).final()
  await session.close()
} catch (error) {
  say(`failed ${(error as Error).stack}`)
}
process.exit()
