import { createChat, parse, streamParse } from '@enjamb/chat'
import { SchemaMismatchError } from '@enjamb/core'
import { z } from 'zod'

const chat = createChat({ model: 'haiku' })
const river = z.object({ name: z.string(), km: z.number().positive(), countries: z.array(z.string()) })

// The API holds the model to the schema's form, and what comes is checked: `value` is a river.
const { value, cost } = await parse(chat, 'Name a long river.', { schema: river, retries: 1 })
console.log(value.name, value.km, cost?.usd)

// The same while it is being written: every field may still be missing, and a text may be cut.
const stream = streamParse(chat, 'And one in Asia.', { schema: river })
for await (const partial of stream.partial()) console.log(partial.name ?? '…')
console.log((await stream.final()).value.countries)

try {
  await parse(chat, 'Name a river.', { schema: z.object({ km: z.number().max(-1) }) })
} catch (error) {
  if (error instanceof SchemaMismatchError) console.log(error.issues, error.usage.output_tokens, error.cost?.usd)
  else throw error
}
