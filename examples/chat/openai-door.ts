import { createChat } from '@enjamb/chat'
import { createOpenAIHandler } from '@enjamb/chat/openai'

// A fetch handler, as Bun, Deno, workers and frameworks take it.
const handle = createOpenAIHandler(createChat(), {
  authorize: (request) => request.headers.get('authorization') === 'Bearer my-own-key',
  models: { 'gpt-5': 'sonnet', 'gpt-5-mini': 'haiku' },
})

// What an OpenAI client sends to it, and gets.
const ask = (key: string, body: object) =>
  handle(
    new Request('http://localhost/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    }),
  )
const question = { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Name a river.' }] }
console.log((await (await ask('my-own-key', question)).json()).choices[0].message)
console.log((await (await ask('my-own-key', { ...question, logprobs: true })).json()).error.message)
console.log((await ask('another', question)).status)
