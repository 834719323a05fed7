import { createChat } from '@enjamb/chat'
import type { MessageParam } from '@enjamb/core'

const chat = createChat({ model: 'haiku', maxTokens: 1024 }) // the key comes from ANTHROPIC_API_KEY

const messages: MessageParam[] = [{ role: 'user', content: 'Name three rivers.' }]
const reply = await chat.chat(messages)
console.log(reply.text, reply.stopReason, reply.usage, reply.cost?.usd, reply.requestId)

// It remembers nothing: what was said is sent again.
messages.push({ role: 'assistant', content: reply.message.content })
messages.push({ role: 'user', content: 'Which one is the longest?' })
for await (const { text } of chat.stream(messages)) process.stdout.write(text)

const poem = await chat.collect('A haiku on rain.', { system: 'Answer with the poem alone.' })
console.log(`\n${poem}`)
