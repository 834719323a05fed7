import { createChat, toMessages, totalTokens } from '@enjamb/chat'
import { defineTool, toolset } from '@enjamb/tools'
import { z } from 'zod'

const weather = defineTool({
  name: 'weather',
  description: 'The weather in a city, now.',
  input: z.object({ city: z.string() }),
  run: ({ city }) => `Sunny in ${city}`,
})

const chat = createChat({ model: 'haiku' })
const tools = toolset([weather]) // brings the loop that runs its tools: a chat without tools bundles none

const reply = await chat.chat('Use weather.', { tools, maxTurns: 10 })
console.log(reply.text, totalTokens(reply.usage), reply.cost?.usd) // of all requests that it took

const next = await chat.chat([...toMessages(reply), { role: 'user', content: 'And tomorrow?' }], { tools })
console.log(next.text)
