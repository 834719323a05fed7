import { ChatAnthropic } from '@langchain/anthropic'
import { type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createMockServer, type MockServer, script, type Turn } from '../src/index.ts'

let server: MockServer | undefined
afterEach(() => server?.close())

async function start(turns: Turn[]) {
  server = await createMockServer({ script: script(turns) })
  return new ChatAnthropic({
    model: 'claude-sonnet-4-5',
    apiKey: 'k',
    anthropicApiUrl: server.url,
    maxRetries: 0,
    maxTokens: 100,
  })
}

describe('LangChain', () => {
  it('invokes the model', async () => {
    const message = await (await start(['Hello, you.'])).invoke('Hi')
    expect(message.text).toBe('Hello, you.')
    expect(message).toMatchObject({ usage_metadata: { output_tokens: 3 } })
  })

  it('streams it', async () => {
    let text = ''
    for await (const chunk of await (await start(['Hello, you, in several pieces.'])).stream('Hi')) text += chunk.text
    expect(text).toBe('Hello, you, in several pieces.')
  })

  it('calls tools and sends their results back', async () => {
    const weather = tool(async ({ city }: { city: string }) => `snow in ${city}`, {
      name: 'weather',
      description: 'The weather of a city',
      schema: z.object({ city: z.string() }),
    })
    const calls = ['Bern', 'Chur'].map((city) => ({ name: 'weather', input: { city } }))
    const model = await start([
      { toolCalls: calls },
      ({ toolResults }) => toolResults.map(({ text }) => text).join(', '),
    ])
    const bound = model.bindTools([weather])
    const asked = await bound.invoke('Weather?')
    const results = await Promise.all((asked.tool_calls ?? []).map((call) => weather.invoke(call)))
    const history = [new HumanMessage('Weather?'), asked, ...results] as BaseMessage[]
    expect((await bound.invoke(history)).text).toBe('snow in Bern, snow in Chur')
  })

  it('fails where the API refuses', async () => {
    await expect((await start([{ error: 400 }])).invoke('Hi')).rejects.toThrow()
  })
})
