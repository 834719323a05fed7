import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineTool } from '@enjamb/tools'
import { createAgent } from '../src/index.ts'
import { fileStore } from '../src/node/index.ts'

/**
 * A process that asks something in the session `s` of a folder, and tells its parent of each event. Its tools note in `effects` that
 * they were run; where the third argument is `hang`, they have their effect and never come back.
 */
const [folder, baseURL, mode, ...prompts] = process.argv.slice(2) as [string, string, string, ...string[]]

const tool = (name: string, idempotent: boolean) =>
  defineTool({
    name,
    description: 'Has an effect.',
    input: { type: 'object' },
    idempotent,
    async run(_, { idempotencyKey }) {
      appendFileSync(join(folder, 'effects'), `${name} ${idempotencyKey}\n`)
      if (mode !== 'hang') return 'done'
      process.send!('hangs')
      return new Promise(() => {})
    },
  })

const agent = createAgent({
  apiKey: 'key',
  baseURL,
  store: fileStore(folder, { leaseMs: 2_000 }),
  tools: [tool('pay', false), tool('set', true), tool('ask', false)],
  permission: ({ name }) => (name === 'ask' ? { defer: true } : { allow: true }),
})
const session = await agent.session({ id: 's', resume: 'if-exists' })
for (const prompt of prompts) {
  for await (const { type } of session.send(prompt)) process.send!(type)
}
setInterval(() => {}, 1_000)
