import { createClient } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { type MessageStream, streamMessage, toolInput } from '../src/index.ts'
import { fakeFetch } from './fake-fetch.ts'
import { answer, blockStart, blockStop, delta, frames, messageDelta, ping, start, stop } from './wire-text.ts'

const params = { model: 'm-1', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] }

/** A stream of these chunks; further attempts get the same. */
function open(...chunks: string[]): { stream: MessageStream; fetch: { calls: number } } {
  const fetch = fakeFetch((exchange) => {
    for (const chunk of chunks) exchange.write(chunk)
    exchange.end()
  })
  const client = createClient({
    apiKey: 'key',
    dangerouslyAllowBrowser: true,
    fetch,
    retry: { maxRetries: 1, baseDelayMs: 1 },
  })
  return { stream: streamMessage(client, params), fetch }
}

async function textOf(stream: MessageStream): Promise<string> {
  let text = ''
  for await (const piece of stream.text()) text += piece
  return text
}

const whole = answer('a', 'b', 'c')
const at = (text: string, inserted: string) => {
  const place = whole.indexOf(text)
  return `${whole.slice(0, place)}${inserted}${whole.slice(place)}`
}
const amid = (inserted: string) => at('event: content_block_stop', inserted)

describe('a whole message is whole, and its text said once', () => {
  it.each(
    Object.entries({
      'with LF': whole,
      'with CRLF': whole.replaceAll('\n', '\r\n'),
      'with CR': whole.replaceAll('\n', '\r'),
      'behind a byte order mark': `\ufeff${whole}`,
      'behind blank lines': `\n\n\n${whole}`,
      'without names': whole.replace(/event: .*\n/g, ''),
      'with another name on every frame': whole.replace(/event: .*/g, 'event: message'),
      'with an unknown name on every frame': whole.replace(/event: .*/g, 'event: chunk'),
      'with a name that is that of a ping': whole.replace(/event: .*/g, 'event: ping'),
      'with an id on every frame': whole.replace(/^event/gm, 'id: 7\nretry: 100\nevent'),
      'with its name behind its data': whole.replace(/(event: .*\n)(data: .*\n)/g, '$2$1'),
      'without a space behind the colon': whole.replace(/^(event|data): /gm, '$1:'),
      'with its data in two lines': whole.replaceAll(',"', ',\ndata: "'),
      'with an empty data line': whole.replaceAll('data: ', 'data:\ndata: '),
      'with comments in every frame': whole.replaceAll('data: ', ': nginx\ndata: '),
      'with frames of comments between': whole.replaceAll('\n\n', '\n\n: keep-alive\n\n'),
      'with empty data between': whole.replaceAll('\n\n', '\n\ndata:\n\n'),
      'with a ping without data between': whole.replaceAll('\n\n', '\n\nevent: ping\n\n'),
      'with a ping of {} between': whole.replaceAll('\n\n', '\n\nevent: ping\ndata: {}\n\n'),
      'with a date for a heartbeat': amid('event: heartbeat\ndata: 2026-11-28T10:00:00Z\n\n'),
      'with a number for a heartbeat': amid('data: 1\n\n'),
      'with null, true, "" and [] amid': amid('data: null\n\ndata: true\n\ndata: ""\n\ndata: []\n\n'),
      'with an event of unknown type amid': amid('event: vendor\ndata: {"type":"vendor.usage","cost":1}\n\n'),
      'with an object that has no type amid': amid('event: usage\ndata: {"cost":1}\n\n'),
      'with "error": null in its events': whole.replaceAll('data: {', 'data: {"error":null,'),
      'with an unknown delta amid': amid(frames({ ...delta(''), delta: { type: 'vendor_delta', text: 'x' } })),
      'with a delta without its text': amid(frames({ ...delta(''), delta: { type: 'text_delta' } })),
      'and a stop for no block': amid(frames({ ...blockStop, index: 9 })),
      'with its block stopped twice': amid(frames(blockStop)),
      'without a block stop': whole.replace(frames(blockStop), ''),
      'with its deltas behind the stop': frames(start, blockStart, blockStop, delta('abc'), messageDelta, stop),
      'with its usage first': frames(start, messageDelta, blockStart, delta('abc'), blockStop, stop),
      'without content in its start': frames(
        { ...start, message: { ...start.message, content: undefined } },
        blockStart,
        delta('abc'),
        messageDelta,
        stop,
      ),
      'without usage anywhere': frames(
        { ...start, message: { ...start.message, usage: undefined } },
        blockStart,
        delta('abc'),
        { ...messageDelta, usage: undefined },
        stop,
      ),
      'and [DONE] behind it': `${whole}data: [DONE]\n\n`,
      'and an event done behind it': `${whole}event: done\ndata: {}\n\n`,
      'and half a frame behind it': `${whole}event: message_stop\ndata: {"ty`,
      'and a page behind it': `${whole}data: <html>\n\n`,
      'and an error behind it': `${whole}event: error\ndata: {"error":"late"}\n\n`,
      'and its end again': `${whole}${frames(stop)}`,
      'and itself again': `${whole}${whole}`,
      'and a ping behind it': `${whole}${frames(ping)}`,
    }),
  )('%s', async (_, sent) => {
    const places = [sent.length, 1, 7, 100, sent.length - 3]
    for (const place of places) {
      const chunks = [sent.slice(0, place), sent.slice(place)].filter(Boolean)
      const message = await open(...chunks).stream.final()
      expect(message.content).toEqual([{ type: 'text', text: 'abc' }])
      expect(message.stop_reason).toBe('end_turn')
      expect(await textOf(open(...chunks).stream)).toBe('abc')
    }
  })
})

describe('an error has its class, whichever form a gateway gives it', () => {
  const busy = { type: 'overloaded_error', message: 'busy' }
  const forms: [string, string, string][] = [
    ['the API’s', frames({ type: 'error', error: busy }), 'overloaded'],
    ['the API’s without a name', `data: ${JSON.stringify({ type: 'error', error: busy })}\n\n`, 'overloaded'],
    ['without its type', `data: ${JSON.stringify({ error: busy })}\n\n`, 'overloaded'],
    ['the error alone', `data: ${JSON.stringify(busy)}\n\n`, 'overloaded'],
    ['the error alone, named', `event: error\ndata: ${JSON.stringify(busy)}\n\n`, 'overloaded'],
    ['in a list', `data: [${JSON.stringify({ error: busy })}]\n\n`, 'overloaded'],
    ['in an error of another', `data: ${JSON.stringify({ error: { error: busy } })}\n\n`, 'overloaded'],
    ['a text', 'data: {"error":"upstream is busy"}\n\n', 'server'],
    ['a text, named', 'event: error\ndata: upstream is busy\n\n', 'server'],
    ['a detail', 'data: {"detail":"upstream is busy"}\n\n', 'server'],
    ['a detail, named', 'event: error\ndata: {"detail":"upstream is busy"}\n\n', 'server'],
    ['a message, named', 'event: error\ndata: {"message":"upstream is busy"}\n\n', 'server'],
    ['a list of errors', 'data: {"errors":[{"message":"upstream is busy"}]}\n\n', 'server'],
    ['under the name of an event', `event: message_start\ndata: ${JSON.stringify({ error: busy })}\n\n`, 'overloaded'],
    ['with CRLF', frames({ type: 'error', error: busy }).replaceAll('\n', '\r\n'), 'overloaded'],
    ['in two lines of data', 'event: error\ndata: {"error":\ndata: {"type":"overloaded_error"}}\n\n', 'overloaded'],
  ]
  it.each(forms)('%s: and is tried again before the first content', async (_, sent, code) => {
    const { stream, fetch } = open(sent)
    await expect(stream.final()).rejects.toMatchObject({ code, retryable: true })
    expect(fetch.calls).toBe(2)
  })

  it.each(forms)('%s: and carries what had come', async (_, sent, code) => {
    const { stream, fetch } = open(frames(start, blockStart, delta('a')) + sent + frames(delta('b')))
    await expect(stream.final()).rejects.toMatchObject({ code, partial: { content: [{ text: 'a' }] } })
    expect(fetch.calls).toBe(1)
  })

  it.each(forms.filter(([, sent]) => /busy/.test(sent)))('%s: and says what it says', async (_, sent) => {
    await expect(open(sent).stream.final()).rejects.toThrow(/busy/)
  })
})

describe('what cannot be a message is a StreamParseError, not an accident', () => {
  const block = (content_block: unknown) => frames(start, { ...blockStart, content_block })
  it.each(
    Object.entries({
      'a block without a type in message_start': frames({
        ...start,
        message: { ...start.message, content: [{ text: 'a' }] },
      }),
      'a call without an id in message_start': frames({
        ...start,
        message: { ...start.message, content: [{ type: 'tool_use', name: 'f', input: {} }] },
      }),
      'a null block in message_start': frames({ ...start, message: { ...start.message, content: [null] } }),
      'content that is a text in message_start': frames({ ...start, message: { ...start.message, content: 'abc' } }),
      'no message in message_start': frames({ type: 'message_start' }),
      'a block that is null': block(null),
      'a block that is a text': block('text'),
      'a block that is a list': block([]),
      'a block whose type is a number': block({ type: 1 }),
      'a block whose type is a list': block({ type: ['tool_use'], id: 'x' }),
      'a call whose id is a number': block({ type: 'tool_use', id: 1, name: 'f', input: {} }),
      'a call whose id is null': block({ type: 'server_tool_use', id: null, name: 'f', input: {} }),
      'no block': block(undefined),
      'a start behind blocks': frames(blockStart, delta('a'), start),
    }),
  )('%s', async (_, sent) => {
    for (const read of [(stream: MessageStream) => stream.final(), textOf, inputsOf]) {
      await expect(read(open(sent + frames(messageDelta, stop)).stream)).rejects.toMatchObject({ code: 'stream_parse' })
    }
  })
})

async function inputsOf(stream: MessageStream): Promise<void> {
  for await (const _ of toolInput(stream));
}
