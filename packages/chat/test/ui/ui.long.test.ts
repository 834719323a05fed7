import type { Turn } from '@enjamb/testing'
import { defineTool, toolset } from '@enjamb/tools'
import type { UIMessage } from 'ai'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BrowserPage, openPage } from '../../../../test/browser.ts'
import { type ChatOptions, fromUIMessages, toUIMessageResponse } from '../../src/index.ts'
import { mockChat } from '../mock-chat.ts'
import { serveFetch } from '../serve-fetch.ts'

let browser: BrowserPage<typeof import('./page.ts')>
let complaints: string[]

beforeAll(async () => {
  browser = await openPage({ entry: new URL('./page.ts', import.meta.url) })
  // An answer with an error is one to the browser, too; and assistant-ui, whose `ai` is not ours, is here twice in part.
  const known = /Failed to load resource|Multiple copies of @assistant-ui/
  browser.page.on('console', (message) => {
    if (/error|warn/.test(message.type()) && !known.test(message.text())) complaints.push(message.text())
  })
  browser.page.on('pageerror', (error) => complaints.push(`${error}`))
})
beforeEach(() => {
  complaints = []
})
afterAll(() => browser?.close())

const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: { type: 'object', properties: { at: { type: 'string' } } },
  run: ({ at }) => `seen ${at}`,
})
const looking: ChatOptions = { tools: toolset([look]) }

/** The route of the README, for pages of other origins, and what the API was sent by it. */
async function serveChat(turns: Turn[], options: ChatOptions = {}) {
  const ended: string[] = []
  const { chat, sent } = await mockChat(turns, {
    retry: { maxRetries: 0 },
    middleware: [
      (request, next) => {
        request.onOutcome(({ error }) => ended.push((error as { code?: string } | undefined)?.code ?? 'done'))
        return next(request)
      },
    ],
  })
  const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }
  const url = await serveFetch(async (request) => {
    if (request.method === 'OPTIONS') return new Response(null, { headers })
    const { messages } = (await request.json()) as { messages: UIMessage[] }
    const stream = chat.stream(fromUIMessages(messages), { ...options, signal: request.signal })
    return toUIMessageResponse(stream, { headers, metadata: ({ usage }) => ({ tokens: usage.output_tokens }) })
  })
  return { url, sent, ended }
}
const shown = () => browser.page.locator('p').allTextContents()
const inPage = (code: string) => browser.page.evaluate(`void ${code}`)
const until = (status: string) => browser.page.locator(`#chat[data-status=${status}]`).waitFor()

describe("the AI SDK's useChat, in React under StrictMode,", () => {
  it('shows an answer with its thinking, and goes on', async () => {
    const turns = [{ thinking: 'Hm.', text: 'The Rhine, of course.' }, 'In Switzerland.']
    const { url, sent } = await serveChat(turns, { display: 'summarized' })
    await browser.call('showUseChat', url)
    await inPage('say("Name a river.")')
    await until('ready')
    await browser.page.getByText('The Rhine, of course.').waitFor()
    await inPage('say("Where does it begin?")')
    await browser.page.getByText('In Switzerland.').waitFor()
    await until('ready')
    expect(await shown()).toEqual([
      'user: Name a river.',
      'assistant: (Hm.)The Rhine, of course.',
      'user: Where does it begin?',
      'assistant: In Switzerland.',
    ])
    expect(await browser.page.locator('pre').textContent()).toMatch(/^\[null,\{"tokens":\d+\},null,\{"tokens":\d+\}\]$/)
    expect(sent()[1]?.messages[1]?.content).toMatchObject([{ type: 'thinking', thinking: 'Hm.' }, { type: 'text' }])
    expect(complaints).toEqual([])
  })

  it('shows what tools of the server saw', async () => {
    const call = { toolCalls: [{ name: 'look', input: { at: 'stars' } }] }
    const { url, sent } = await serveChat([call, 'Stars.', 'Sure.'], looking)
    await browser.call('showUseChat', url)
    await inPage('say("Look.")')
    await browser.page.getByText('Stars.').waitFor()
    await until('ready')
    expect((await shown()).at(-1)).toBe('assistant: [tool-look output-available "seen stars"]Stars.')
    await inPage('say("Sure?")')
    await browser.page.getByText('Sure.').waitFor()
    expect(sent()[2]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
    expect(complaints).toEqual([])
  })

  it('runs tools of its own, and sends what they gave', async () => {
    const body = { tools: [{ name: 'where', description: 'Where the user is.', input_schema: { type: 'object' } }] }
    const { url, sent } = await serveChat([{ toolCalls: [{ name: 'where' }] }, 'In Basel.'], { body })
    await browser.call('showUseChat', url)
    await inPage('say("Where am I?")')
    await browser.page.getByText('In Basel.').waitFor()
    expect(sent()[1]?.messages[2]?.content).toMatchObject([{ type: 'tool_result', content: 'Basel' }])
  })

  it('stops an answer, which ends the request, and goes on with what has come', async () => {
    const { url, sent, ended } = await serveChat([
      { text: 'One two three four five six.', stallAfterEvents: 8 },
      'More.',
    ])
    await browser.call('showUseChat', url)
    await inPage('say("Count.")')
    await browser.page.getByText('assistant: One').waitFor()
    await inPage('stop()')
    await until('ready')
    await expect.poll(() => ended).toEqual(['request_aborted'])
    await inPage('say("Go on.")')
    await browser.page.getByText('More.').waitFor()
    expect(sent()[1]?.messages[1]?.content).toContainEqual({ type: 'text', text: expect.stringMatching(/^One/) })
  })

  it('says that there was an error, and asks again', async () => {
    const { url } = await serveChat([{ error: 529 }, 'Now.'])
    await browser.call('showUseChat', url)
    await inPage('say("Hi")')
    await until('error')
    expect(await browser.page.locator('output').textContent()).toBe('An error occurred.')
    await inPage('regenerate()')
    await browser.page.getByText('Now.').waitFor()
    expect(await shown()).toEqual(['user: Hi', 'assistant: Now.'])
  })
})

describe('assistant-ui, by its runtime for the AI SDK,', () => {
  const ask = async (text: string) => {
    await browser.page.getByPlaceholder('Ask').fill(text)
    await browser.page.getByText('Send', { exact: true }).click()
  }

  it('shows an answer and what tools saw, and goes on', async () => {
    const call = { text: 'Let me see.', toolCalls: [{ name: 'look', input: { at: 'stars' } }] }
    const { url, sent } = await serveChat([call, 'Stars.', 'Sure.'], looking)
    await browser.call('showAssistantUI', url)
    await ask('Look.')
    await browser.page.getByText('Stars.').waitFor()
    const [question, answer] = await shown()
    expect([question, answer]).toEqual(['Look.', 'Let me see.[look complete "seen stars"]Stars.'])
    await ask('Sure?')
    await browser.page.getByText('Sure.').waitFor()
    expect(sent()[2]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
    expect(complaints).toEqual([])
  })

  it('stops an answer, which ends the request', async () => {
    const { url, ended } = await serveChat([{ text: 'One two three four five six.', stallAfterEvents: 8 }, 'More.'])
    await browser.call('showAssistantUI', url)
    await ask('Count.')
    await browser.page.getByText('One').waitFor()
    await browser.page.getByText('Cancel', { exact: true }).click()
    await expect.poll(() => ended).toEqual(['request_aborted'])
    await ask('Go on.')
    await browser.page.getByText('More.').waitFor()
  })
})

describe('a conversation', () => {
  it('is read by React through useSyncExternalStore: no two components ever show two moments of it', async () => {
    const story = Array.from({ length: 100 }, (_, word) => `word${word}`).join(' ')
    const { server } = await mockChat([{ text: story, eventDelayMs: 2 }])
    const { torn, commits, answer } = await browser.call('showConversation', server.url)
    expect(torn).toEqual([])
    expect(commits).toBeGreaterThan(3)
    expect(answer).toBe(story)
    expect(complaints).toEqual([])
  })

  it('is a store of Solid and of Svelte, which are told no more once they have left', async () => {
    const { server } = await mockChat()
    const seen = ['ready', 'waiting', 'streaming', 'ready']
    expect(await browser.call('followConversation', server.url)).toEqual({ solid: seen, svelte: seen })
  })
})
