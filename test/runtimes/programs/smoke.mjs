import { createAgent, createSessionHandler, followSession } from '@enjamb/agent'
import { createChat, parse } from '@enjamb/chat'
import { streamMessage, tee, toResponse } from '@enjamb/stream'
import { defineTool, toolset } from '@enjamb/tools'

/**
 * What a program does with the packages, the same in every runtime: it gives for each check 'ok', or what went wrong.
 *
 * `url` is that of the mock API (`../mock-api.ts`), `openStore` gives a store of sessions, again and again the same one, and `more`
 * has checks that not every runtime can make, and `undefined` in the place of one that it cannot.
 */
export async function smoke({ url, openStore, more = {} }) {
  const results = {}
  const given = { options: optionsFor(url), openStore }
  for (const [name, check] of Object.entries({ ...checks, ...more })) {
    if (check) results[name] = await outcomeOf(check, given)
  }
  return results
}

const optionsFor = (url) => ({
  model: 'haiku',
  apiKey: 'key',
  baseURL: url,
  dangerouslyAllowBrowser: true,
  retry: { maxRetries: 1, baseDelayMs: 1 },
})

const greeting = 'Grüße von überall: aus Browsern, Workern und Servern, 🙂!'

const checks = {
  async 'whole answer'({ options }) {
    const { text, usage, stopReason, cost } = await createChat(options).chat('Greet')
    same([text, stopReason, usage.output_tokens > 0, cost.usd > 0], [greeting, 'end_turn', true, true])
  },

  // Its bytes come by seven, so that characters are cut.
  async stream({ options }) {
    const stream = createChat(options).stream('Greet')
    const pieces = []
    for await (const { text } of stream) pieces.push(text)
    const { text, requestId } = await stream.final()
    same([pieces.join(''), pieces.length > 1, text, !!requestId], [greeting, true, greeting, true])
  },

  async relay({ options }) {
    const open = () => {
      const { client, params } = createChat(options)
      return streamMessage(client, params('Greet'))
    }
    const [left, right] = tee(open())
    let text = ''
    for await (const piece of left.text()) text += piece
    same([text, textOf(await right.final())], [greeting, greeting])
    const relayed = await toResponse(open()).text()
    same(relayed.match(/^event: message_\w+/gm), [
      'event: message_start',
      'event: message_delta',
      'event: message_stop',
    ])
  },

  async tools({ options }) {
    const reply = await createChat(options).chat('Use weather.', { tools: toolset([weather()]) })
    same([reply.text.includes('Sunny in '), reply.stopReason], [true, 'end_turn'])
  },

  async abort({ options }) {
    const chat = createChat(options)
    const left = chat.stream('Begin, and stay silent')
    for await (const _ of left) break
    same(await failureOf(left.final()), ['request_aborted', 'begun'])
    const controller = new AbortController()
    const aborted = chat.stream('Begin, and stay silent', { signal: controller.signal })
    const read = async () => {
      for await (const _ of aborted) setTimeout(() => controller.abort('enough'), 10)
    }
    same(await failureOf(read()), ['request_aborted', 'begun'])
    same(await failureOf(chat.stream('Break off').final()), ['stream_interrupted', 'begun'])
  },

  async errors({ options }) {
    const chat = createChat(options)
    same(await failureOf(chat.chat('Be overloaded')), ['overloaded', 529])
    same(await failureOf(chat.chat('Greet', { body: { unknown: 1 } })), ['invalid_request', 400])
    same(await failureOf(createChat({ ...options, apiKey: '' }).chat('Greet')), ['config', undefined])
  },

  async retry({ options }) {
    same((await createChat(options).stream('Be overloaded once').final()).text, greeting)
  },

  async 'structured output'({ options }) {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, km: { type: 'integer' } },
      required: ['name', 'km'],
      additionalProperties: false,
    }
    const { value } = await parse(createChat(options), 'Name a river.', { schema })
    same([typeof value.name, typeof value.km], ['string', 'number'])
  },

  async session({ options, openStore }) {
    const open = (resume) =>
      createAgent({ ...options, tools: [weather()], store: openStore() }).session({ id: 'smoke', resume })
    const begun = await open(false)
    const types = []
    for await (const { type } of begun.send('Use weather.')) types.push(type)
    for (const type of ['text', 'tool_call', 'tool_result', 'reply', 'turn_end']) same(types.includes(type), true)
    await begun.close()
    const resumed = await open(true)
    same(resumed.messages.length, 4)
    const { status, text } = await resumed.send('Greet').final()
    same([status, text, resumed.messages.length, resumed.cost.usd > 0], ['completed', greeting, 6, true])
    await resumed.close()
  },

  async handler({ options }) {
    const handler = createSessionHandler(createAgent(options), {
      authorize: (request) => request.headers.get('authorization') === 'Bearer me' && { by: 'me' },
      keepMs: 0,
    })
    const fetch = (address, init) => handler(new Request(address, init))
    const address = 'https://sessions.test/sessions/s'
    const session = followSession(address, { fetch, headers: { authorization: 'Bearer me' } })
    await session.send('Greet', { id: 'p' })
    const facts = []
    for await (const { seq, type } of session) {
      if (seq) facts.push(type)
      if (type === 'turn_end') break
    }
    same(facts, ['prompt', 'reply', 'turn_end'])
    same((await session.state()).status, 'idle')
    same(await failureOf(followSession(address, { fetch }).state()), ['session_request', 403])
    await handler.close()
  },
}

const weather = () =>
  defineTool({
    name: 'weather',
    description: 'The weather in a city, now.',
    input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    run: ({ city }) => `Sunny in ${city}`,
  })

const textOf = ({ content }) => content.find(({ type }) => type === 'text')?.text

/** The code of an error, and what it has: the status, or that the message had begun. */
function failureOf(work) {
  return work.then(
    () => 'it did not fail',
    (error) => {
      if (!error.code) throw error
      const text = error.partial && textOf(error.partial)
      return [error.code, text && text !== greeting && greeting.startsWith(text) ? 'begun' : error.status]
    },
  )
}

function same(actual, expected) {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (one !== other) throw new Error(`${one}, not ${other}`)
}

async function outcomeOf(check, given) {
  let timer
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('There was no end of it.')), 20_000)
  })
  try {
    await Promise.race([check(given), tooLong])
    return 'ok'
  } catch (error) {
    return error.code ? `${error.name}: ${error.message}` : `${error.stack ?? error}`
  } finally {
    clearTimeout(timer)
  }
}
