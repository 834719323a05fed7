import { createClient, createMessage } from '../packages/core/dist/index.js'
import { streamMessage, tee, toResponse } from '../packages/stream/dist/index.js'

/** What a program does with core and stream, in any runtime: `runtime-smoke.mjs <url>` prints what came of it as JSON. */
const [url] = globalThis.Deno?.args ?? process.argv.slice(2)
const params = { model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }
const clientFor = (path) => createClient({ apiKey: 'key', baseURL: `${url}/${path}`, retry: { baseDelayMs: 1 } })
const open = (path) => streamMessage(clientFor(path), params)
const textOf = ({ content }) => content[0]?.text
const failureOf = (work) => work.then(textOf, ({ code, partial }) => ({ code, partial: partial && textOf(partial) }))

async function iterated(stream) {
  let text = ''
  for await (const piece of stream.text()) text += piece
  return text
}

async function teed() {
  const [left, right] = tee(open('whole'))
  return [await iterated(left), textOf(await right.final()), left.requestId]
}

/** What is aborted is closed for the server, too, if not at once. */
async function openAnswers() {
  for (let tries = 0; ; tries++) {
    const open = Number(await (await fetch(`${url}/open`)).text())
    if (!open || tries === 100) return open
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function aborted() {
  const stream = open('endless')
  const batches = stream.batches()
  await batches.next()
  const next = batches.next()
  stream.abort('enough')
  return failureOf(next)
}

const results = {
  plain: textOf(await createMessage(clientFor('plain'), params)),
  final: textOf(await open('whole').final()),
  iterated: await iterated(open('whole')),
  teed: await teed(),
  relayed: await toResponse(open('whole')).text(),
  left: await (async () => {
    const stream = open('endless')
    for await (const _ of stream) break
    return failureOf(stream.final())
  })(),
  aborted: await aborted(),
  refused: await failureOf(open('refused').final()),
  brokenAtFirst: textOf(await open('broken-at-first').final()),
  cut: await failureOf(open('cut').final()),
  open: await openAnswers(),
}
console.log(JSON.stringify(results))
