import { createClient, type EnjambError, isEnjambError, type Message } from '@enjamb/core'
import { createAccumulator, parseEvents, streamMessage, tee, toReadableStream } from '@enjamb/stream'

const params = {
  model: 'claude-sonnet-4-6' as const,
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Hello' }],
}

function start(baseURL: string) {
  return streamMessage(createClient({ apiKey: 'any', baseURL, dangerouslyAllowBrowser: true }), params)
}

/** What an error tells, as far as it can travel. */
function describe(error: unknown) {
  if (!isEnjambError(error)) return { code: String(error), partial: '', cause: undefined }
  const { code, partial, cause } = error as EnjambError & { partial?: Message }
  return { code, partial: textOf(partial), cause: String(cause) }
}

function textOf(message: Message | undefined): string {
  return message?.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('') ?? ''
}

export async function read(baseURL: string) {
  const stream = start(baseURL)
  const texts: string[] = []
  for await (const text of stream.text()) texts.push(text)
  return { texts, message: await stream.final(), requestId: stream.requestId }
}

/** Stops at the first text. */
export async function abortEarly(baseURL: string) {
  const stream = start(baseURL)
  try {
    for await (const _ of stream.text()) stream.abort('enough')
  } catch (error) {
    return describe(error)
  }
  return 'nothing was thrown'
}

export async function fail(baseURL: string) {
  return start(baseURL).final().then(textOf, describe)
}

/** Passes the bytes on to a second reader, as a service worker would to its page. */
export async function relay(baseURL: string) {
  const accumulator = createAccumulator()
  for await (const event of parseEvents(toReadableStream(start(baseURL)))) accumulator.push(event)
  return accumulator.message
}

/** Two readers of one request. */
export async function readTwice(baseURL: string) {
  const [left, right] = tee(start(baseURL))
  let text = ''
  for await (const each of left.text()) text += each
  return { text, message: await right.final() }
}
