import { createChat } from '@enjamb/chat'

const chat = createChat({ model: 'haiku' }) // the key comes from ANTHROPIC_API_KEY

for await (const { text } of chat.stream('What is an enjambment?')) process.stdout.write(text)

const reply = await chat.chat('Name three rivers.')
console.log(`\n${reply.text}`, reply.usage, reply.cost?.usd)
