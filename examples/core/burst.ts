import { createClient, createMessage, createPacer } from '@enjamb/core'

const client = createClient({ middleware: [createPacer({ concurrency: 20 }).middleware] })
const cities = ['Rome', 'Bern', 'Oslo', 'Lima', 'Cairo', 'Kyoto']

const messages = await Promise.all(
  cities.map((city) =>
    createMessage(client, {
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: `Which river runs through ${city}?` }],
    }),
  ),
)
console.log(messages.length, 'answers')
