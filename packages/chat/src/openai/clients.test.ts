import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { Turn } from '@enjamb/testing'
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { tool as langchainTool } from '@langchain/core/tools'
import { ChatOpenAI } from '@langchain/openai'
import { generateObject, generateText, stepCountIs, streamText, tool } from 'ai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mockChat } from '../../test/mock-chat.ts'
import { serveFetch } from '../../test/serve-fetch.ts'
import { createOpenAIHandler } from './index.ts'

const call = { toolCalls: [{ name: 'weather', input: { city: 'Rome' } }] }
const city = z.object({ city: z.string() })

async function setUp(...turns: Turn[]) {
  const { chat, sent } = await mockChat(turns)
  const url = await serveFetch(createOpenAIHandler(chat, { authorize: () => true }))
  return { sent, baseURL: `${url}/v1` }
}

describe('the AI SDK, by its provider for what is compatible,', () => {
  const setUpSDK = async (...turns: Turn[]) => {
    const { sent, baseURL } = await setUp(...turns)
    const provider = createOpenAICompatible({
      name: 'door',
      baseURL,
      apiKey: 'door',
      includeUsage: true,
      supportsStructuredOutputs: true,
    })
    return { sent, model: provider('haiku') }
  }

  it('generates and streams text', async () => {
    const { model } = await setUpSDK('The Rhine.', 'A few words, in some pieces.')
    const { text, usage, finishReason } = await generateText({ model, system: 'Be brief.', prompt: 'A river?' })
    expect([text, finishReason, usage.outputTokens]).toEqual(['The Rhine.', 'stop', expect.any(Number)])
    const stream = streamText({ model, prompt: 'Hi' })
    let streamed = ''
    for await (const piece of stream.textStream) streamed += piece
    expect(streamed).toBe('A few words, in some pieces.')
    expect((await stream.usage).outputTokens).toBeGreaterThan(0)
  })

  it('runs tools, streamed', async () => {
    const { model } = await setUpSDK(call, 'Sunny.')
    const weather = tool({
      description: 'The weather.',
      inputSchema: city,
      execute: async ({ city }) => `Sunny in ${city}.`,
    })
    const stream = streamText({ model, prompt: 'Weather?', tools: { weather }, stopWhen: stepCountIs(3) })
    expect(await stream.text).toBe('Sunny.')
    expect(await stream.steps).toHaveLength(2)
  })

  it('generates objects', async () => {
    const { model, sent } = await setUpSDK('{"city": "Rome"}')
    const { object } = await generateObject({ model, schema: city, prompt: 'A city?' })
    expect(object).toEqual({ city: 'Rome' })
    expect(sent()[0]?.output_config).toMatchObject({ format: { type: 'json_schema' } })
  })
})

describe('the ChatOpenAI of LangChain', () => {
  const setUpModel = async (...turns: Turn[]) => {
    const { sent, baseURL } = await setUp(...turns)
    return {
      sent,
      model: new ChatOpenAI({ model: 'haiku', apiKey: 'door', configuration: { baseURL }, maxRetries: 0 }),
    }
  }

  it('invokes and streams', async () => {
    const { model } = await setUpModel('The Rhine.', 'A few words, in some pieces.')
    const reply = await model.invoke([new SystemMessage('Be brief.'), new HumanMessage('A river?')])
    expect(reply.text).toBe('The Rhine.')
    expect(reply.usage_metadata).toMatchObject({ output_tokens: expect.any(Number) })
    let text = ''
    for await (const piece of await model.stream('Hi')) text += piece.text
    expect(text).toBe('A few words, in some pieces.')
  })

  it('calls tools, and answers by what they found', async () => {
    const { model } = await setUpModel(call, 'Sunny.')
    const weather = langchainTool(({ city }) => `Sunny in ${city}.`, {
      name: 'weather',
      description: 'The weather.',
      schema: city,
    })
    const bound = model.bindTools([weather])
    const asked = new HumanMessage('Weather?')
    const reply = await bound.invoke([asked])
    expect(reply.tool_calls).toMatchObject([{ name: 'weather', args: { city: 'Rome' } }])
    const { id = '' } = reply.tool_calls![0]!
    const done = await bound.invoke([asked, reply, new ToolMessage({ content: 'Sunny in Rome.', tool_call_id: id })])
    expect(done.text).toBe('Sunny.')
  })

  it('gives structured output', async () => {
    const { model } = await setUpModel('{"city": "Rome"}')
    expect(await model.withStructuredOutput(city, { method: 'jsonSchema' }).invoke('A city?')).toEqual({ city: 'Rome' })
  })
})
