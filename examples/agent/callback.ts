import { createAgent } from '@enjamb/agent'

const agent = createAgent({ model: 'haiku' })
const session = await agent.session()

// Text goes to a callback as it arrives, and the result is awaited as a whole.
const { text, usage, cost } = await session
  .send('What is an enjambment?', { onText: (part) => process.stdout.write(part) })
  .final()
console.log(`\n${text.length} characters, ${usage?.output_tokens} tokens, $${cost?.usd.toFixed(6)}`)
await session.close()
