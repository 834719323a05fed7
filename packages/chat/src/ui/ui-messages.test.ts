import { createServer } from 'node:http'
import { ConfigError, OverloadedError } from '@enjamb/core'
import type { Turn } from '@enjamb/testing'
import { defineTool, toolset } from '@enjamb/tools'
import {
  AbstractChat,
  type ChatState,
  type ChatStatus,
  DefaultChatTransport,
  type UIMessage,
  validateUIMessages,
} from 'ai'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mockChat } from '../../test/mock-chat.ts'
import {
  type Chat,
  type ChatOptions,
  fromUIMessages,
  toUIMessageResponse,
  toUIMessageStream,
  withFallback,
} from '../index.ts'

/** The state of the SDK's chat, as its React hook has it. */
class State implements ChatState<UIMessage> {
  status: ChatStatus = 'ready'
  error: Error | undefined
  messages: UIMessage[] = []
  pushMessage = (message: UIMessage) => void this.messages.push(message)
  popMessage = () => void this.messages.pop()
  replaceMessage = (index: number, message: UIMessage) => void this.messages.splice(index, 1, message)
  snapshot = <T>(value: T): T => structuredClone(value)
}
class UIChat extends AbstractChat<UIMessage> {
  constructor(api: string) {
    super({ state: new State(), transport: new DefaultChatTransport({ api }) })
  }
}

/** The SDK's chat, at a server that answers with ours. */
async function setUp(turns: Turn[], options: ChatOptions = {}, around: (chat: Chat) => Chat = (chat) => chat) {
  const { chat, sent } = await mockChat(turns, { retry: { maxRetries: 0 } })
  const answerTo = async (request: Request) => {
    const { messages } = (await request.json()) as { messages: UIMessage[] }
    return toUIMessageResponse(around(chat).stream(fromUIMessages(messages), options), {
      metadata: ({ usage, cost }) => ({ tokens: usage.output_tokens, usd: cost?.usd }),
      status: 201,
    })
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const answer = await answerTo(new Request('http://host/', { method: 'POST', body: Buffer.concat(chunks) }))
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    for await (const chunk of answer.body!) response.write(chunk)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise((resolve) => void server.close(() => resolve()))
  })
  const { port } = server.address() as { port: number }
  return { ui: new UIChat(`http://127.0.0.1:${port}/api/chat`), sent }
}

const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: { type: 'object', properties: { at: { type: 'string' } } },
  run: ({ at }) => {
    if (at === 'nothing') throw new Error('There is nothing.')
    return `seen ${at}`
  },
})
const tools = toolset([look])
const partsOf = (message: UIMessage | undefined) =>
  message?.parts.map(({ type, ...rest }) => [
    type,
    'text' in rest ? rest.text : 'state' in rest ? rest.state : undefined,
  ])

describe("the AI SDK's chat", () => {
  it('shows an answer, and its conversation goes on', async () => {
    const { ui, sent } = await setUp([{ thinking: 'Hm.', text: 'The Rhine, of course.' }, 'In Switzerland.'], {
      display: 'summarized',
    })
    await ui.sendMessage({ text: 'Name a river.' })
    expect(ui.error).toBeUndefined()
    expect(partsOf(ui.messages[1])).toEqual([
      ['step-start', undefined],
      ['reasoning', 'Hm.'],
      ['text', 'The Rhine, of course.'],
    ])
    expect(ui.messages[1]?.metadata).toEqual({ tokens: expect.any(Number), usd: expect.any(Number) })
    await ui.sendMessage({ text: 'Where does it begin?' })
    expect(ui.error).toBeUndefined()
    expect(sent()[1]?.messages).toMatchObject([
      { role: 'user', content: [{ text: 'Name a river.' }] },
      { role: 'assistant', content: [{ type: 'thinking', signature: expect.any(String) }, { type: 'text' }] },
      { role: 'user', content: [{ text: 'Where does it begin?' }] },
    ])
    await validateUIMessages({ messages: ui.messages })
  })

  it('shows calls of tools with their results, good and bad, and sends them back', async () => {
    const calls = [
      { name: 'look', input: { at: 'stars' } },
      { name: 'look', input: { at: 'nothing' } },
    ]
    const { ui, sent } = await setUp([{ text: 'Let me see.', toolCalls: calls }, 'Stars.', 'Yes.'], { tools })
    await ui.sendMessage({ text: 'Look.' })
    expect(ui.error).toBeUndefined()
    expect(ui.messages[1]?.parts.filter(({ type }) => type === 'tool-look')).toMatchObject([
      { state: 'output-available', input: { at: 'stars' }, output: 'seen stars' },
      { state: 'output-error', input: { at: 'nothing' }, errorText: expect.stringContaining('There is nothing.') },
    ])
    expect(partsOf(ui.messages[1])?.at(-1)).toEqual(['text', 'Stars.'])
    await ui.sendMessage({ text: 'Sure?' })
    expect(ui.error).toBeUndefined()
    expect(sent()[2]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
    expect(sent()[2]?.messages[2]).toEqual(sent()[1]?.messages[2])
  })

  it('shows the tools of a wrapped chat, too', async () => {
    const call = { toolCalls: [{ name: 'look', input: { at: 'stars' } }] }
    const { ui } = await setUp([call, 'Stars.'], { tools }, (chat) => withFallback(chat, { models: ['opus'] }))
    await ui.sendMessage({ text: 'Look.' })
    expect(ui.messages[1]?.parts.find(({ type }) => type === 'tool-look')).toMatchObject({ output: 'seen stars' })
  })

  it('shows what a server tool found, as sources', async () => {
    const found = {
      type: 'web_search_result',
      url: 'https://a.example',
      title: 'A',
      encrypted_content: '',
      page_age: null,
    }
    const content = [
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'a' } },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [found] },
      { type: 'text', text: 'Found.' },
    ]
    const body = { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }
    const { ui } = await setUp([{ content }, 'Yes.'], { body })
    await ui.sendMessage({ text: 'Search.' })
    expect(ui.messages[1]?.parts).toContainEqual({
      type: 'source-url',
      sourceId: found.url,
      url: found.url,
      title: 'A',
    })
    expect(ui.messages[1]?.parts.find(({ type }) => type === 'tool-web_search')).toMatchObject({
      state: 'output-available',
      input: { query: 'a' },
      providerExecuted: true,
    })
    await ui.sendMessage({ text: 'Sure?' })
    expect(ui.error).toBeUndefined()
  })

  it('is told that there was an error, and nothing of it', async () => {
    const { ui } = await setUp([{ error: { status: 529, message: 'secret of the house' } }])
    await ui.sendMessage({ text: 'Hi' })
    expect(ui.status).toBe('error')
    expect(ui.error?.message).toBe('An error occurred.')
  })
})

async function chunksOf(stream: ReadableStream<{ type: string }>) {
  const chunks: { type: string; [field: string]: unknown }[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

describe('the stream', () => {
  it.each([
    ['end_turn', 'stop'],
    ['max_tokens', 'length'],
    ['refusal', 'content-filter'],
    ['pause_turn', 'other'],
  ] as const)('says of %s that it ended by %s', async (stopReason, finishReason) => {
    const { chat } = await mockChat([{ text: 'a', stopReason }])
    const chunks = await chunksOf(toUIMessageStream(chat.stream('Hi'), { messageId: 'm1' }))
    expect(chunks[0]).toEqual({ type: 'start', messageId: 'm1' })
    expect(chunks.at(-1)).toEqual({ type: 'finish', finishReason })
  })

  it('has the finished answer kept before it says that it is finished', async () => {
    const { chat } = await mockChat(['The Rhine.', { error: 529 }], { retry: { maxRetries: 0 } })
    const kept: string[] = []
    const onReply = async ({ text }: { text: string }) => {
      await Promise.resolve()
      kept.push(text)
    }
    for await (const { type } of toUIMessageStream(chat.stream('Hi'), { onReply }))
      if (type === 'finish') kept.push(type)
    expect(kept).toEqual(['The Rhine.', 'finish'])
    await chunksOf(toUIMessageStream(chat.stream('Hi'), { onReply }))
    expect(kept).toHaveLength(2)
    const full = () => Promise.reject(new Error('full'))
    const onError = (error: unknown) => (error as Error).message
    const chunks = await chunksOf(toUIMessageStream(chat.stream('Hi'), { onReply: full, onError }))
    expect(chunks.at(-1)).toEqual({ type: 'error', errorText: 'full' })
  })

  it('ends with the abort, or with what is to be said of an error', async () => {
    const { chat } = await mockChat([{ text: 'Some words.', stallAfterEvents: 4 }, { error: 529 }], {
      retry: { maxRetries: 0 },
    })
    const stream = chat.stream('Hi')
    setTimeout(() => stream.abort(), 50)
    expect((await chunksOf(toUIMessageStream(stream))).at(-1)).toEqual({ type: 'abort' })
    const onError = (error: unknown) => (error instanceof OverloadedError ? 'Busy.' : 'No.')
    expect(await chunksOf(toUIMessageStream(chat.stream('Hi'), { onError }))).toEqual([
      { type: 'start' },
      { type: 'error', errorText: 'Busy.' },
    ])
  })

  it('ends the request where the reader leaves, and reads no further than it is read', async () => {
    const { chat, sent } = await mockChat([{ text: 'Some words.', stallAfterEvents: 4 }])
    const stream = chat.stream('Hi')
    const reader = toUIMessageStream(stream).getReader()
    await reader.read()
    expect(sent()).toHaveLength(0)
    await reader.read()
    await reader.cancel()
    await expect(stream.final()).rejects.toMatchObject({ code: 'request_aborted' })
  })
})

describe('what the client sends', () => {
  it('may have images, PDFs and texts as files', () => {
    const file = (mediaType: string, url: string) => ({ type: 'file', mediaType, url, filename: 'f' })
    const data = (mediaType: string, text: string) => file(mediaType, `data:${mediaType};base64,${btoa(text)}`)
    const parts = [
      { type: 'text', text: 'See:' },
      data('image/png', 'x'),
      file('image/jpeg', 'https://a.example/b.jpg'),
      data('application/pdf', 'y'),
      data('text/plain', 'z'),
    ]
    expect(fromUIMessages([{ role: 'user', parts }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'See:' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: btoa('x') } },
          { type: 'image', source: { type: 'url', url: 'https://a.example/b.jpg' } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: btoa('y') }, title: 'f' },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'z' }, title: 'f' },
        ],
      },
    ])
    expect(() => fromUIMessages([{ role: 'user', parts: [data('audio/wav', 'x')] }])).toThrow(ConfigError)
  })

  it('says nothing in the name of the system, and calls nothing without a result', () => {
    expect(() => fromUIMessages([{ role: 'system', parts: [] }])).toThrow(ConfigError)
    const open = { type: 'tool-look', toolCallId: 'c', state: 'input-available', input: {} }
    const denied = { type: 'dynamic-tool', toolName: 'look', toolCallId: 'd', state: 'output-denied', input: {} }
    expect(fromUIMessages([{ role: 'user', parts: [{ type: 'text', text: ' ' } as never] }])).toEqual([])
    expect(
      fromUIMessages([
        { role: 'user', parts: [{ type: 'text', text: 'Hi' } as never] },
        {
          role: 'assistant',
          parts: [{ type: 'step-start' }, open, denied, { type: 'step-start' }, { type: 'data-x' }],
        },
      ]),
    ).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'd', name: 'look', input: {} }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'd', content: 'The user did not allow this call.', is_error: true },
        ],
      },
    ])
  })
})
