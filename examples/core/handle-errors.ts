import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, createMessage, isEnjambError } from '@enjamb/core'

const client = createClient({ retry: { rules: { overloaded: { maxRetries: 6 } } } })
const ask = () =>
  createMessage(client, {
    model: 'claude-haiku-4-5',
    max_tokens: 1024,
    messages: [{ role: 'user', content: 'Name three rivers.' }],
  })

try {
  console.log((await ask()).usage)
} catch (error) {
  if (!isEnjambError(error)) throw error // a fault of the program's own
  if (error.code === 'rate_limit') {
    await sleep(2_000)
    console.log((await ask()).usage)
  } else {
    // `partial` is what a stream had brought, `retryable` whether the same may succeed later.
    console.error(error.code, error.message, error.retryable, error.partial)
    process.exitCode = 1
  }
}
