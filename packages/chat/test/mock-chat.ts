import { createMockServer, type MockServer, type MockServerOptions, script, type Turn } from '@enjamb/testing'
import { onTestFinished } from 'vitest'
import { type Chat, createChat } from '../src/index.ts'

type Defaults = NonNullable<Parameters<typeof createChat>[0]>
type Body = Record<string, unknown> & { messages: { role: string; content: unknown }[] }

/** A chat with a real server that answers by the script, closed when the test is done. */
export async function mockChat(
  turns: Turn[] = [],
  defaults: Defaults = {},
  options: MockServerOptions = {},
): Promise<{ chat: Chat; server: MockServer; sent: () => Body[] }> {
  const server = await createMockServer({ script: script(turns), ...options })
  onTestFinished(() => server.close())
  const chat = createChat({ apiKey: 'key', baseURL: server.url, retry: { baseDelayMs: 1 }, ...defaults })
  return { chat, server, sent: () => server.requests.map(({ body }) => body as Body) }
}

/** What a promise is rejected with. */
export async function failureOf<T extends Error = Error & Record<string, unknown>>(
  work: PromiseLike<unknown>,
): Promise<T> {
  return work.then(
    () => {
      throw new Error('it did not fail')
    },
    (error) => error as T,
  )
}
