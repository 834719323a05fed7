import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { ConfigError, createClient, createMessage, type MessageParams } from '../index.ts'
import { mergeOptions } from './merge-options.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const bad = [-1, Number.NaN, 'soon' as never]
const retryNames = ['maxRetries', 'baseDelayMs', 'maxDelayMs', 'maxRetryAfterMs'] as const

it.each(bad)('%s is no number for an option of the client, which the error names', (value) => {
  for (const name of ['timeoutMs', 'idleTimeoutMs'] as const) {
    expect(() => createClient({ [name]: value })).toThrow(new ConfigError(`${name} must be 0 or more.`))
  }
  for (const name of retryNames) {
    expect(() => createClient({ retry: { [name]: value } })).toThrow(new ConfigError(`${name} must be 0 or more.`))
  }
})

it.each(bad)('%s is no number for an option of a call, and nothing is sent', async (value) => {
  let sent = 0
  const client = createClient({ apiKey: 'k', fetch: async () => Response.json(sent++) })
  for (const name of ['timeoutMs', 'idleTimeoutMs'] as const) {
    await expect(createMessage(client, params, { [name]: value })).rejects.toThrow(`${name} must be 0 or more.`)
  }
  for (const name of retryNames) {
    const call = createMessage(client, params, { retry: { [name]: value } })
    await expect(call).rejects.toThrow(`${name} must be 0 or more.`)
  }
  expect(sent).toBe(0)
})

it('what is undefined is not given: an undefined maxRetries does not retry for ever', async () => {
  let sent = 0
  const fetch = async () => {
    sent++
    throw new TypeError('lost')
  }
  const client = createClient({ apiKey: 'k', fetch, retry: { baseDelayMs: 0, maxRetries: undefined as never } })
  await expect(createMessage(client, params, { retry: { maxRetries: undefined as never } })).rejects.toThrow('lost')
  expect(sent).toBe(3)
})

it('zero is a number', () => {
  expect(createClient({ timeoutMs: 0, retry: { maxRetries: 0 } })).toMatchObject({ timeoutMs: 0 })
})

it('an option wins over its default and shows it nowhere else', () => {
  const base = { a: 1, secret: 'hidden' }
  const merged = mergeOptions(base, { a: 2 })
  expect([merged.a, merged.secret, base.a]).toEqual([2, 'hidden', 1])
  expect(inspect(merged) + JSON.stringify(merged)).not.toContain('hidden')
})

it('a client can be the options of another', () => {
  const client = createClient({ apiKey: 'k', timeoutMs: 5, retry: { maxRetries: 7 }, headers: { 'x-mine': '1' } })
  const copy = createClient(client as never)
  expect([copy.apiKey, copy.timeoutMs, copy.retry.maxRetries, copy.retry.baseDelayMs]).toEqual(['k', 5, 7, 500])
  expect(copy.headers).toEqual([['x-mine', '1']])
})
