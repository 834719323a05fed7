import { createOpenAI } from '@ai-sdk/openai'
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

  it('generates objects without a schema of the server, too', async () => {
    const { baseURL, sent } = await setUp('{"city": "Rome"}')
    const model = createOpenAICompatible({ name: 'door', baseURL, apiKey: 'door' })('haiku')
    const { object } = await generateObject({ model, schema: city, prompt: 'A city?' })
    expect(object).toEqual({ city: 'Rome' })
    expect(sent()[0]?.system).toContain('Answer with one JSON object')
  })
})

describe("the AI SDK, by OpenAI's own provider and its Responses,", () => {
  it.each([true, false])('sends thinking back between its calls of tools, streamed: %s', async (streamed) => {
    const { baseURL, sent } = await setUp({ thinking: 'Rome, then.', ...call }, { thinking: 'Aha.', text: 'Sunny.' })
    const provider = createOpenAI({ baseURL, apiKey: 'door' })
    const weather = tool({ description: 'The weather.', inputSchema: city, execute: ({ city }) => `Sunny in ${city}.` })
    const params = {
      model: provider.responses('haiku'),
      prompt: 'Weather?',
      tools: { weather },
      stopWhen: stepCountIs(3),
      providerOptions: {
        openai: {
          store: false,
          forceReasoning: true,
          reasoningSummary: 'auto',
          include: ['reasoning.encrypted_content'],
        },
      },
    }
    const { text, steps } = streamed ? streamText(params) : await generateText(params)
    expect(await text).toBe('Sunny.')
    expect((await steps).map(({ reasoningText }) => reasoningText)).toEqual(['Rome, then.', 'Aha.'])
    expect(sent()[1]?.messages[1]?.content).toMatchObject([
      { type: 'thinking', thinking: 'Rome, then.', signature: expect.any(String) },
      { type: 'tool_use', name: 'weather' },
    ])
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

  it('gives JSON without a schema of the server', async () => {
    const { model } = await setUpModel('{"city": "Rome"}')
    expect(await model.withStructuredOutput(city, { method: 'jsonMode' }).invoke('A city, as JSON?')).toEqual({
      city: 'Rome',
    })
  })

  it('speaks Responses, too', async () => {
    const { baseURL, sent } = await setUp({ thinking: 'Hm.', text: 'The Rhine.' }, 'Sure.')
    const fields = {
      model: 'haiku',
      apiKey: 'door',
      configuration: { baseURL },
      maxRetries: 0,
      useResponsesApi: true,
      zdrEnabled: true,
    }
    const model = new ChatOpenAI({ ...fields, reasoning: { summary: 'auto' } })
    const asked = new HumanMessage('A river?')
    const reply = await model.invoke([asked])
    expect(reply.text).toBe('The Rhine.')
    expect((await model.invoke([asked, reply, new HumanMessage('Sure?')])).text).toBe('Sure.')
    expect(sent()[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  })
})
