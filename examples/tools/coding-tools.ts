import { costOf, createClient } from '@enjamb/core'
import { permissions, runTools, withPermission } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'

const cwd = process.cwd()
const tools = codingTools({ cwd })

const run = runTools(
  createClient(),
  {
    model: 'claude-sonnet-5-5',
    max_tokens: 8192,
    messages: [{ role: 'user', content: 'Add a line about tests to NOTES.md.' }],
    tools,
  },
  { permission: withPermission(permissions({ cwd, mode: 'acceptEdits' })), costOf, maxTurns: 20 },
)
for await (const event of run) {
  if (event.type === 'tool_call') console.log(event.name, JSON.stringify(event.input))
}
const { cost } = await run.final()
console.log(`${cost?.usd.toFixed(4)} dollars`)
await tools.close()
