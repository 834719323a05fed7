import { readdir } from 'node:fs/promises'
import { createAgent } from '@enjamb/agent'
import { codingTools } from '@enjamb/tools/node'

// A task for each file, three at a time, with a typed answer; what fails is one result among others.
await using tools = codingTools({ cwd: process.cwd() })
const agent = createAgent({ model: 'haiku', tools })
const schema = {
  type: 'object',
  properties: { purpose: { type: 'string' }, bugs: { type: 'array', items: { type: 'string' } } },
  required: ['purpose', 'bugs'],
} as const

const files = (await readdir('.')).filter((name) => name.endsWith('.ts'))
const batch = agent.tasks(
  files.map((file) => `Read ${file}. Say in one line what it is for, and which bugs it has.`),
  { concurrency: 3, maxCost: 1, defaults: { allowTools: ['Read', 'Grep'], timeoutMs: 120_000, schema } },
)
for await (const { index, status, result } of batch) console.log(files[index], status, result.value ?? result.summary)
const { completed, total, totalTokens, totalCost } = await batch.final()
console.log(`${completed} of ${total}, ${totalTokens} tokens, $${totalCost}`)
