import { createClient } from '@enjamb/core'
import { defineTool, runTools } from '@enjamb/tools'
import { z } from 'zod'

const weather = defineTool({
  name: 'weather',
  description: 'The weather in a city, now.',
  input: z.object({ city: z.string() }),
  readOnly: true,
  run: ({ city }) => `Sunny in ${city}`,
})

const run = runTools(createClient(), {
  model: 'claude-haiku-4-5',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'What is the weather in Rome?' }],
  tools: [weather],
})
for await (const text of run.text()) process.stdout.write(text)
const { usage, calls } = await run.final()
console.log(`\n${calls.length} call, ${usage.output_tokens} tokens written`)
