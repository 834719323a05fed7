import { createAgent } from '@enjamb/agent'
import { codingTools } from '@enjamb/tools/node'

const tools = codingTools({ cwd: process.cwd() })
const agent = createAgent({ model: 'sonnet', tools })
const session = await agent.session()

for await (const event of session.send('Which files are here?')) {
  if (event.type === 'text') process.stdout.write(event.text)
  if (event.type === 'tool_call') console.log(event.name, event.input)
}
const { text, cost } = await session.send('Which is the longest?').final()
console.log(`\n${text}`, cost?.usd)
await tools.close()
