import { createClient } from '@enjamb/core'
import { streamMessage } from '@enjamb/stream'

const client = createClient() // the key comes from ANTHROPIC_API_KEY

const stream = streamMessage(client, {
  model: 'claude-haiku-4-5',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'What is an enjambment?' }],
})
for await (const text of stream.text()) process.stdout.write(text)

const message = await stream.final()
console.log(`\n${message.stop_reason}`, message.usage)
