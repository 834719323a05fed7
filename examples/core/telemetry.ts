import { createClient, createMessage } from '@enjamb/core'
import { createTelemetry } from '@enjamb/core/otel'

const client = createClient({ middleware: [createTelemetry()], logger: console })
await createMessage(client, {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Name three rivers.' }],
})
