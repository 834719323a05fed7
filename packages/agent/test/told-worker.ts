import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { defineTool } from '@enjamb/tools'
import { createAgent, type Session } from '../src/index.ts'
import { fileStore } from '../src/node/index.ts'

/**
 * A process that opens sessions of a folder and talks in them as it is told, line by line: `open ID`, `ask ID`,
 * `decide ID TEXT` (all that waits, in the order of TEXT's letters: `y` allows, `n` does not), `note ID`, `close ID`. It
 * answers each with a line. What its tool did stands in a file.
 */
const [directory, baseURL, effects, leaseMs] = process.argv.slice(2) as [string, string, string, string]
const pay = defineTool({
  name: 'pay',
  description: 'Pays.',
  input: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] } as const,
  run: ({ to }, { idempotencyKey }) => appendFileSync(effects, `${process.pid} ${idempotencyKey} ${to}\n`),
})
const agent = createAgent({
  apiKey: 'key',
  baseURL,
  retry: { maxRetries: 0 },
  store: fileStore(directory, { leaseMs: Number(leaseMs) }),
  tools: [pay],
  permission: () => ({ defer: true }),
})
const sessions = new Map<string, Session>()

async function obey(command: string, id: string, said: string): Promise<unknown> {
  if (command === 'open') {
    const session = await agent.session({ id, resume: 'if-exists', owner: 'worker' })
    sessions.set(id, session)
    return session.status
  }
  const session = sessions.get(id)!
  if (command === 'ask') return (await session.send('Pay.').final()).status
  if (command === 'note') return session.note('note', 'x'.repeat(1_000))
  if (command === 'close') return session.close()
  let status = ''
  for (const [n, { id: call, hash }] of session.pending.entries()) {
    const turn = await session.decide(call, { allow: said[n] !== 'n', hash })
    if (turn) status = (await turn.final()).status
  }
  return status
}

for await (const line of createInterface(process.stdin)) {
  const [command = '', id = '', said = ''] = line.split(' ')
  const answer = await obey(command, id, said).catch((error) => `${error.code} ${error.message}`)
  console.log(answer ?? 'done')
}
