import { createChat } from '@enjamb/chat'
import { mockFetch, script } from '@enjamb/testing'

const fetch = mockFetch({
  script: script(['A thought that runs on across the line break.', 'The Nile, the Po, the Amur.']),
})
const chat = createChat({ model: 'haiku', apiKey: 'any', fetch })

for await (const { text } of chat.stream('What is an enjambment?')) process.stdout.write(text)

const reply = await chat.chat('Name three rivers.')
console.log(`\n${reply.text}`, reply.usage, reply.cost?.usd)
