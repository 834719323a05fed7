import { createChat } from '@enjamb/chat'

const chat = createChat({ model: 'haiku' }) // the key comes from ANTHROPIC_API_KEY
const stream = chat.stream('What is an enjambment?')
for await (const { text } of stream) process.stdout.write(text)

const { usage, cost } = await stream.final()
console.log(`\n${usage.output_tokens} tokens, ${cost?.usd} dollars`)
