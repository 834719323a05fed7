import { deepStrictEqual, strictEqual } from 'node:assert'
import Anthropic from '@anthropic-ai/sdk'
import { createClient, type StreamEvent } from '@enjamb/core'
import { createAccumulator, createEventParser, streamMessage } from '@enjamb/stream'
import { cpuByRound, pairedRatio } from '../cpu-by-round.ts'
import { loadPeer } from '../load-peer.ts'
import { median, type Report } from '../report.ts'
import { bodyOf, chatChunks, textStream } from '../streams.ts'

const deltas = 20_000
const { bytes, chunks, pieces, text } = textStream(deltas, 1_400)
const openAIChunks = chatChunks(pieces, 1_400)
const params = { model: 'claude-haiku-4-5', max_tokens: 1, messages: [{ role: 'user' as const, content: 'Go' }] }
const answering = (body: Uint8Array[]) => async () =>
  new Response(bodyOf(body), { headers: { 'content-type': 'text/event-stream' } })
const fetch = answering(chunks)
const client = createClient({ apiKey: 'none', fetch })
const official = new Anthropic({ apiKey: 'none', fetch })
const eventsourceParser = await loadPeer('eventsource-parser', () => import('eventsource-parser'))
const openai = await loadPeer('openai', () => import('openai'))
const ai = await loadPeer('ai', () => import('ai'))
const anthropic = ai && (await import('@ai-sdk/anthropic'))

function textOf(message: { content: unknown[] }): string {
  return (message.content[0] as { text: string }).text
}

const throughEventsourceParser = '`eventsource-parser`, `JSON.parse`, our accumulator'

const contenders: Record<string, () => unknown> = {
  'scan for line feeds only': () => {
    let lines = 0
    for (const chunk of chunks) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++
    return lines
  },
  'the chunks of the body read, and dropped': async () => {
    let length = 0
    const reader = (await fetch()).body!.getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) length += part.value.length
    return length
  },
  'parse and accumulate, without a stream': () => {
    const accumulator = createAccumulator()
    const parser = createEventParser({ onEvent: accumulator.push })
    for (const chunk of chunks) parser.push(chunk)
    return textOf(accumulator.message)
  },
  '`streamMessage(…).final()`': async () => textOf(await streamMessage(client, params).final()),
  '`for await (… of streamMessage(…).text())`': async () => {
    let text = ''
    for await (const piece of streamMessage(client, params).text()) text += piece
    return text
  },
  '`@anthropic-ai/sdk` `create({ stream: true })`, iterated': async () => {
    let text = ''
    for await (const event of await official.messages.create({ ...params, stream: true })) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
    }
    return text
  },
  '`@anthropic-ai/sdk` `messages.stream(…).finalMessage()`': async () =>
    textOf(await official.messages.stream(params).finalMessage()),
}

if (eventsourceParser) {
  contenders[throughEventsourceParser] = async () => {
    const accumulator = createAccumulator()
    const decoder = new TextDecoder()
    const parser = eventsourceParser.createParser({
      onEvent: ({ data }) => accumulator.push(JSON.parse(data) as StreamEvent),
    })
    const reader = (await fetch()).body!.getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parser.feed(decoder.decode(part.value, { stream: true }))
    }
    return textOf(accumulator.message)
  }
}
if (openai) {
  const client = new openai.default({ apiKey: 'none', fetch: answering(openAIChunks) })
  contenders['`openai` `chat.completions.create({ stream: true })`, iterated, the same text in its own form'] =
    async () => {
      let text = ''
      const { model, messages } = params
      for await (const { choices } of await client.chat.completions.create({ model, messages, stream: true })) {
        text += choices[0]?.delta.content ?? ''
      }
      return text
    }
}
if (ai && anthropic) {
  const model = anthropic.createAnthropic({ apiKey: 'none', fetch })('claude-haiku-4-5')
  contenders['`ai` `streamText(…).text`'] = async () => ai.streamText({ model, prompt: 'Go' }).text
}

export default async function run(): Promise<Report> {
  for (const [name, contender] of Object.entries(contenders)) {
    const result = await contender()
    if (name.startsWith('scan')) strictEqual(result, bytes.filter((byte) => byte === 10).length)
    else if (name.startsWith('the chunks')) strictEqual(result, bytes.length)
    else deepStrictEqual(result, text, name)
  }
  const us = await cpuByRound(contenders, 15, false)
  const ours = us['`streamMessage(…).final()`']!
  const byHand = us[throughEventsourceParser]
  return {
    title: 'A text of 20,000 deltas',
    method: `${(bytes.length / 1e6).toFixed(1)} MB in chunks of 1,400 bytes, in process, on a fetch that answers from memory. CPU time, as medians of 15 rounds in turns; the ratios are medians of those within a round.`,
    rows: Object.entries(us).map(([name, rounds]) => ({
      name,
      value: median(rounds) / 1_000,
      unit: 'ms',
      ratio: pairedRatio(rounds, ours),
      ours: /streamMessage|without a stream/.test(name),
    })),
    goals: [
      {
        what: 'final() against finalMessage()',
        atMost: 1 / 5,
        measured: pairedRatio(ours, us['`@anthropic-ai/sdk` `messages.stream(…).finalMessage()`']!),
      },
      ...(byHand
        ? [
            {
              what: 'final() against eventsource-parser, JSON.parse, accumulator',
              atMost: 1 / 2,
              measured: pairedRatio(ours, byHand),
            },
          ]
        : []),
      {
        what: 'parsing and accumulating against the scan',
        atMost: 5,
        measured: pairedRatio(us['parse and accumulate, without a stream']!, us['scan for line feeds only']!),
      },
    ],
  }
}
