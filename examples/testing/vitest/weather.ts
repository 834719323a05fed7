import { createClient } from '@enjamb/core'
import { defineTool, runTools } from '@enjamb/tools'
import { z } from 'zod'

const temperature = defineTool({
  name: 'temperature',
  description: 'The temperature in a city, now.',
  input: z.object({ city: z.string() }),
  readOnly: true,
  run: ({ city }) => `${city.length * 4} °C`,
})

/** Asks with a tool at hand, and tells what was called. */
export async function askAboutWeather(question: string) {
  const run = runTools(createClient(), {
    model: 'claude-haiku-5-5',
    max_tokens: 500,
    messages: [{ role: 'user', content: question }],
    tools: [temperature],
  })
  let answer = ''
  for await (const text of run.text()) answer += text
  const { calls } = await run.final()
  return { answer, calls }
}
