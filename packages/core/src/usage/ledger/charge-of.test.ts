import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../client/middleware.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { ConnectionError } from '../../errors/connection/connection-error.ts'
import { RequestAbortedError } from '../../errors/connection/request-aborted-error.ts'
import { RequestTimeoutError } from '../../errors/connection/request-timeout-error.ts'
import { apiErrorFromBody } from '../../http/answer/api-error-from-body.ts'
import { costOf } from '../../models/cost-of.ts'
import type { Message } from '../../wire/index.ts'
import { chargeOf, countsOf } from './charge-of.ts'

const model = 'claude-opus-5-5'
const terms = { model, reservedNanoUsd: 90_000_000, maxTokens: 1_000 }
const usage = { input_tokens: 100, output_tokens: 1 }
const aborted = new RequestAbortedError('Enough.')
const ok = new Response()

function outcome(given: Partial<Outcome>): Outcome {
  return { sent: true, response: undefined, value: undefined, error: undefined, firstContentAt: undefined, ...given }
}

/** A message as far as it arrived. */
function partial(content: object[], more: object = {}): Message {
  return { id: 'msg_1', model, content, usage, stop_reason: null, ...more } as unknown as Message
}

function connectionError(code: string): ConnectionError {
  return new ConnectionError('No.', {
    cause: new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) }),
  })
}

const apiError = (status: number, type?: string) =>
  apiErrorFromBody(type ? JSON.stringify({ type: 'error', error: { type, message: 'No.' } }) : '<h1>No.</h1>', status)

const nanoUsd = (input: number, output: number) =>
  costOf(model, { input_tokens: input, output_tokens: output })!.nanoUsd

describe('chargeOf', () => {
  it.each<[string, Partial<Outcome>]>([
    ['a call that was never sent', { sent: false, error: aborted }],
    ['an answer that a middleware gave', { sent: false, value: partial([{ type: 'text', text: 'Hi' }]) }],
    ...[
      'ECONNREFUSED',
      'ENOTFOUND',
      'EAI_AGAIN',
      'UND_ERR_CONNECT_TIMEOUT',
      'CERT_HAS_EXPIRED',
      'SELF_SIGNED_CERT_IN_CHAIN',
    ].map((code): [string, Partial<Outcome>] => [
      `a connection that failed with ${code}`,
      { error: connectionError(code) },
    ]),
    ['a refusal of the API', { response: ok, error: apiError(400, 'invalid_request_error') }],
    ['a rate limit', { response: ok, error: apiError(429, 'rate_limit_error') }],
    ['an overloaded API', { response: ok, error: apiError(529, 'overloaded_error') }],
    [
      'an overloaded API in a stream that had begun',
      { response: ok, value: partial([]), error: apiError(529, 'overloaded_error') },
    ],
    ['a page that says 404', { response: ok, error: apiError(404) }],
    ['a redirect', { response: new Response(null, { status: 302 }), error: new ConfigError('No redirects.') }],
  ])('takes nothing for %s', (_, given) => {
    expect(chargeOf(outcome(given), terms)).toBeUndefined()
  })

  it.each<[string, Partial<Outcome>]>([
    ['a timeout', { error: new RequestTimeoutError('Too long.') }],
    ['an abort before the answer', { error: aborted }],
    ['a connection that was reset', { error: connectionError('ECONNRESET') }],
    ['a connection that failed without a reason', { error: new ConnectionError('Failed to fetch') }],
    ['a gateway that gave up waiting', { response: ok, error: apiError(504) }],
    ['a refused connection after the headers', { response: ok, error: connectionError('ECONNREFUSED') }],
    ['an error that a middleware made up', { response: ok, error: Object.assign(new Error(), { status: 400 }) }],
    ['an answer that is no message', { response: ok, value: { id: 'msgbatch_1' } }],
    ['an answer that nobody parsed', { response: ok }],
    [
      'a stream that broke in a web search',
      { response: ok, value: partial([{ type: 'server_tool_use' }]), error: aborted },
    ],
    [
      'counts that are none',
      { response: ok, value: partial([], { usage: { input_tokens: Number.NaN, output_tokens: 1 } }) },
    ],
    [
      'counts below nothing',
      { response: ok, value: partial([], { usage: { input_tokens: -5_000, output_tokens: 1 } }) },
    ],
  ])('takes all that was reserved for %s', (_, given) => {
    expect(chargeOf(outcome(given), terms)).toMatchObject({ calls: 1, nanoUsd: 90_000_000 })
  })

  it('takes what an answer cost, also where that is more than was reserved', () => {
    const value = partial([{ type: 'text', text: 'Hi' }], { usage: { input_tokens: 1_000_000, output_tokens: 5 } })
    expect(chargeOf(outcome({ response: ok, value }), terms)).toMatchObject({ nanoUsd: nanoUsd(1_000_000, 5) })
  })

  it('takes the last usage of a stream that broke after it', () => {
    const value = partial([{ type: 'thinking' }], {
      stop_reason: 'end_turn',
      usage: { input_tokens: 9, output_tokens: 7 },
    })
    expect(chargeOf(outcome({ response: ok, value, error: aborted }), terms)).toMatchObject({ nanoUsd: nanoUsd(9, 7) })
  })

  it('takes a byte for a token of text that a broken stream brought', () => {
    const block = { type: 'text', text: 'Grüße' }
    const charge = chargeOf(outcome({ response: ok, value: partial([block]), error: aborted }), terms)
    const bytes = Buffer.byteLength(JSON.stringify(block))
    expect(charge).toMatchObject({ inputTokens: 100, outputTokens: bytes, nanoUsd: nanoUsd(100, bytes) })
  })

  it('believes a broken stream that counts more than arrived', () => {
    const value = partial([], { usage: { input_tokens: 100, output_tokens: 500 } })
    expect(chargeOf(outcome({ response: ok, value, error: aborted }), terms)).toMatchObject({ outputTokens: 500 })
  })

  it.each(['thinking', 'redacted_thinking', 'tool_use'])(
    'takes all of max_tokens where a broken stream brought %s',
    (type) => {
      const charge = chargeOf(outcome({ response: ok, value: partial([{ type }]), error: aborted }), terms)
      expect(charge).toMatchObject({ outputTokens: 1_000, nanoUsd: nanoUsd(100, 1_000) })
    },
  )

  it('never takes more for a broken stream than max_tokens, nor than was reserved', () => {
    const value = partial([{ type: 'text', text: 'x'.repeat(5_000) }])
    const given = outcome({ response: ok, value, error: aborted })
    expect(chargeOf(given, terms)).toMatchObject({ outputTokens: 1_000 })
    expect(chargeOf(given, { ...terms, reservedNanoUsd: 5 })).toMatchObject({ nanoUsd: 5 })
  })

  it('prices an answer by the model that it names, or else by the one that was asked', () => {
    const value = partial([], { model: 'claude-haiku-5-5' })
    expect(chargeOf(outcome({ response: ok, value }), terms)?.nanoUsd).toBe(costOf('haiku', usage)?.nanoUsd)
    for (const name of ['eu.gateway/opus', undefined, null, 5]) {
      const named = partial([], { model: name })
      expect(chargeOf(outcome({ response: ok, value: named }), terms)?.nanoUsd).toBe(nanoUsd(100, 1))
    }
  })

  it('counts tokens without a price as such', () => {
    const unpriced = { model: 'claude-new-9', reservedNanoUsd: undefined, maxTokens: 0 }
    const counts = { calls: 1, unpricedCalls: 1, inputTokens: 100, outputTokens: 1, nanoUsd: 0 }
    expect(countsOf(usage, unpriced)).toMatchObject(counts)
    expect(chargeOf(outcome({ error: aborted }), unpriced)).toMatchObject({ unpricedCalls: 1, nanoUsd: 0 })
  })

  it('counts the tokens of compaction and advisors with the rest, and their cost', () => {
    const iterations = [
      { type: 'compaction', input_tokens: 5_000, output_tokens: 50 },
      { type: 'advisor_message', model, input_tokens: 200, output_tokens: 20, cache_read_input_tokens: 7 },
    ]
    const charge = chargeOf(outcome({ response: ok, value: partial([], { usage: { ...usage, iterations } }) }), terms)
    expect(charge).toMatchObject({ inputTokens: 5_300, outputTokens: 71, cacheReadTokens: 7 })
    expect(charge!.nanoUsd).toBe(costOf(model, { ...usage, iterations })!.nanoUsd)
  })

  it('takes all that was reserved for a stream that broke off, where compaction or others may have worked unseen', () => {
    const value = partial([{ type: 'text', text: 'Hi' }])
    const charge = chargeOf(outcome({ response: ok, value, error: aborted }), { ...terms, hidden: true })
    expect(charge?.nanoUsd).toBe(terms.reservedNanoUsd)
  })

  it('takes nothing for a refusal that is not billed, and its price for one that is', () => {
    const refused = (category: string) =>
      chargeOf(
        outcome({ response: ok, value: partial([], { stop_reason: 'refusal', stop_details: { category } }) }),
        terms,
      )
    expect(refused('cyber')).toMatchObject({ nanoUsd: 0, unpricedCalls: 0 })
    expect(refused('bio')).toMatchObject({ nanoUsd: nanoUsd(100, 1) })
  })

  it.each([
    ['a negative count', { input_tokens: 1_000_000, output_tokens: -1_000 }],
    ['a negative cache write', { input_tokens: 10, cache_creation: { ephemeral_1h_input_tokens: -5 } }],
    ['a count that is a text', { input_tokens: 10, output_tokens: '7' }],
    ['half a token', { input_tokens: 10.5 }],
    ['a negative count of an iteration', { input_tokens: 10, iterations: [{ type: 'compaction', input_tokens: -9 }] }],
  ])('takes what was reserved where the answer has %s', (_, damaged) => {
    const charge = chargeOf(
      outcome({ response: ok, value: partial([], { usage: damaged, stop_reason: 'end_turn' }) }),
      terms,
    )
    expect(charge).toMatchObject({ unpricedCalls: 1, nanoUsd: terms.reservedNanoUsd })
    expect(Object.values(charge!).every((count) => count >= 0)).toBe(true)
  })

  it.each([[null], ['none'], [[null, 3, 'x', { type: 7, model: 9 }]], [{ type: 'compaction' }]])(
    'is not thrown off by iterations that are %j',
    (iterations) => {
      const value = partial([], { usage: { ...usage, iterations }, stop_reason: 'end_turn' })
      expect(() => chargeOf(outcome({ response: ok, value }), terms)).not.toThrow()
    },
  )
})
