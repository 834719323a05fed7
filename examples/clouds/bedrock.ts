import { createChat } from '@enjamb/chat'
import { bedrock } from '@enjamb/core/bedrock'

// AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `credentials: fromNodeProviderChain()`.
const chat = createChat({ ...bedrock({ geo: 'eu' }), model: 'claude-haiku-4-5' })
const reply = chat.stream('Name three rivers.')
for await (const text of reply.text()) process.stdout.write(text)
const { cost } = await reply.final()
console.log(`\n${cost?.usd} dollars`)
