import { createAnthropic } from '@ai-sdk/anthropic'
import { APICallError, generateText, Output, stepCountIs, streamText, tool } from 'ai'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createMockServer, type MockServer, script, type Turn } from '../src/index.ts'

let server: MockServer | undefined
afterEach(() => server?.close())

async function start(turns: Turn[], modelId = 'claude-sonnet-4-5') {
  server = await createMockServer({ script: script(turns) })
  return createAnthropic({ apiKey: 'k', baseURL: `${server.url}/v1` })(modelId)
}

const weather = tool({
  description: 'The weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `snow in ${city}`,
})
const turns: Turn[] = [
  { text: 'Let me see.', toolCalls: [{ name: 'weather', input: { city: 'Bern' } }] },
  ({ toolResults }) => `There is ${toolResults[0]?.text}.`,
]

describe('the AI SDK', () => {
  it('generates text, and calls tools', async () => {
    const model = await start(turns)
    const { text, steps, usage } = await generateText({
      model,
      prompt: 'Weather?',
      tools: { weather },
      stopWhen: stepCountIs(3),
    })
    expect(text).toBe('There is snow in Bern.')
    expect(steps).toHaveLength(2)
    expect(usage.outputTokens).toBeGreaterThan(0)
  })

  it('streams text, and calls tools', async () => {
    const model = await start(turns)
    const result = streamText({ model, prompt: 'Weather?', tools: { weather }, stopWhen: stepCountIs(3) })
    let text = ''
    for await (const part of result.textStream) text += part
    expect(text).toBe('Let me see.There is snow in Bern.')
    expect(await result.finishReason).toBe('stop')
  })

  it('streams thinking, and sends it back as it came', async () => {
    const thought = { thinking: 'I have to look.', toolCalls: [{ name: 'weather', input: { city: 'Bern' } }] }
    const model = await start([thought, 'Snow.'])
    const result = streamText({
      model,
      prompt: 'Weather?',
      tools: { weather },
      stopWhen: stepCountIs(3),
      providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2000 } } },
    })
    expect(await result.text).toBe('Snow.')
    expect((await result.steps)[0]?.reasoningText).toBe('I have to look.')
  })

  it('gets an object that fits its schema', async () => {
    const model = await start([])
    const { output } = await generateText({
      model,
      prompt: 'An object, please',
      output: Output.object({ schema: z.object({ city: z.string(), degrees: z.number() }) }),
    })
    expect(output).toEqual({ city: 'text', degrees: 1 })
  })

  it('retries what it may, and fails on what it may not', async () => {
    const soon = { headers: { 'retry-after-ms': '1' } }
    const model = await start([{ error: { status: 529, ...soon } }, 'At last.', { error: 400 }])
    expect((await generateText({ model, prompt: 'Hi' })).text).toBe('At last.')
    await expect(generateText({ model, prompt: 'Hi' })).rejects.toBeInstanceOf(APICallError)
  })
})
