import { createClient, createMessage, isEnjambError } from '@enjamb/core'

const client = createClient() // the key comes from ANTHROPIC_API_KEY

try {
  const message = await createMessage(client, {
    model: 'claude-haiku-4-5',
    max_tokens: 1024,
    messages: [{ role: 'user', content: 'Name three rivers.' }],
  })
  console.log(message.content, message.usage)
} catch (error) {
  if (!isEnjambError(error)) throw error
  console.error(error.code, error.message)
}
