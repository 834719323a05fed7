import { createClient, isEnjambError } from '@enjamb/core'
import { streamMessage } from '@enjamb/stream'

/** Tells a story piece by piece, and says so where it breaks off. */
export async function tell(topic: string, write: (text: string) => void): Promise<void> {
  const stream = streamMessage(createClient(), {
    model: 'claude-haiku-5-5',
    max_tokens: 500,
    messages: [{ role: 'user', content: `Tell a story about ${topic}.` }],
  })
  try {
    for await (const text of stream.text()) write(text)
  } catch (error) {
    if (!isEnjambError(error)) throw error
    write(` [${error.code}]`)
  }
}
