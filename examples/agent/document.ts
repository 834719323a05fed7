import { relative } from 'node:path'
import { createAgent } from '@enjamb/agent'
import { codingTools } from '@enjamb/tools/node'

// Writes documentation, and says which files came of it: those that tools wrote, and those that commands did.
const cwd = process.cwd()
await using tools = codingTools({ cwd })
const agent = createAgent({ model: 'sonnet', tools })

const { status, result, artifacts, cost } = await agent
  .task('Write docs/API.md: what each exported function does, with an example.', {
    context: { audience: 'people who have never seen the code' },
    maxCost: 0.5,
    timeoutMs: 600_000,
  })
  .final()

console.log(status, result.summary)
for (const { change, path, sizeBytes } of artifacts) console.log(change, relative(cwd, path), `${sizeBytes} bytes`)
console.log(`$${cost?.usd}`)
