import { createClient, createMessage } from '@enjamb/core'
import { nodeFetch } from '@enjamb/core/node'

const fetch = nodeFetch({ connections: 4, proxy: 'env' })
const client = createClient({ fetch })
const { stop_reason } = await createMessage(client, {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Name three rivers.' }],
})
console.log(stop_reason)
// Idle connections keep no process alive; this ends them at once when what is under way is done.
await fetch.close()
