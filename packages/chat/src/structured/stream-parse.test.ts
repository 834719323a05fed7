import { ConfigError, MaxOutputTokensError, SchemaMismatchError } from '@enjamb/core'
import { defineTool, toolset } from '@enjamb/tools'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { failureOf, mockChat } from '../../test/mock-chat.ts'
import { messageText, streamParse } from '../index.ts'

const plan = z.object({ city: z.string(), days: z.array(z.object({ what: z.string(), hours: z.number().max(24) })) })
const whole = { city: 'Rome', days: [{ what: 'The forum, and what is left of it', hours: 5 }] }

describe('a value as it grows', () => {
  it('has at each piece what has come, and the checked value at the end', async () => {
    const { chat } = await mockChat([JSON.stringify(whole)])
    const stream = streamParse(chat, 'Plan a day.', { schema: plan })
    const cities: (string | undefined)[] = []
    let last: unknown
    for await (const partial of stream.partial()) {
      cities.push(partial.city)
      last = structuredClone(partial)
    }
    expect(cities.length).toBeGreaterThan(2)
    expect(cities.every((city) => city === undefined || 'Rome'.startsWith(city))).toBe(true)
    expect(last).toEqual(whole)
    expect(await stream.final()).toMatchObject({ value: whole, stopReason: 'end_turn' })
  })

  it('is read by each piece once, however long it is', async () => {
    const long = { city: 'x', days: Array.from({ length: 3_000 }, (_, hours) => ({ what: 'walk', hours: hours % 24 })) }
    const { chat } = await mockChat([JSON.stringify(long)], { maxTokens: 100_000 })
    const stream = streamParse(chat, 'Plan.', { schema: plan })
    const seen = new Set<unknown>()
    for await (const partial of stream.partial()) seen.add(partial)
    // One object that grows: a copy for each piece would cost the square of its length.
    expect(seen.size).toBe(1)
    expect((await stream.final()).value).toEqual(long)
  })

  it('is that of the last answer where tools ran before it', async () => {
    const look = defineTool({ name: 'look', description: 'Looks.', input: { type: 'object' }, run: () => 'Rome' })
    const { chat } = await mockChat([
      { text: '{"city": "Paris"', toolCalls: [{ name: 'look' }] },
      JSON.stringify(whole),
    ])
    const stream = streamParse(chat, 'Plan.', { schema: plan, tools: toolset([look]) })
    let last: unknown
    for await (const partial of stream.partial()) last = partial
    expect(last).toEqual(whole)
    expect((await stream.final()).value).toEqual(whole)
  })

  it('comes from the forced tool of an older model', async () => {
    const model = 'claude-3-5-haiku-20241022'
    const { chat } = await mockChat([{ toolCalls: [{ name: 'answer', input: whole }] }], { model }, { models: [model] })
    const stream = streamParse(chat, 'Plan.', { schema: plan })
    let last: unknown
    for await (const partial of stream.partial()) last = partial
    expect(last).toEqual(whole)
    expect((await stream.final()).value).toEqual(whole)
  })
})

describe('a stream that brings no value', () => {
  it('says at its end what is wrong, and not in the loop', async () => {
    const { chat } = await mockChat([
      '{"city": "Rome", "days": oops',
      JSON.stringify({ ...whole, days: [{ what: '', hours: 25 }] }),
    ])
    const broken = streamParse(chat, 'Plan.', { schema: plan })
    let last: unknown
    for await (const partial of broken.partial()) last = partial
    expect(last).toEqual({ city: 'Rome' })
    expect(await failureOf(broken.final())).toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringMatching(/no JSON/),
    })
    const misfit = await failureOf(streamParse(chat, 'Plan.', { schema: plan }).final())
    expect(misfit).toBeInstanceOf(SchemaMismatchError)
    expect(misfit).toMatchObject({ issues: [{ path: ['days', '0', 'hours'] }], cost: { nanoUsd: expect.any(Number) } })
  })

  it('is cut off with what had come', async () => {
    const { chat } = await mockChat([{ text: '{"city": "Ro', stopReason: 'max_tokens' }])
    const stream = streamParse(chat, 'Plan.', { schema: plan })
    let last: unknown
    for await (const partial of stream.partial()) last = partial
    expect(last).toEqual({ city: 'Ro' })
    const error = await failureOf<MaxOutputTokensError>(stream.final())
    expect(error).toBeInstanceOf(MaxOutputTokensError)
    expect(messageText(error.partial)).toBe('{"city": "Ro')
    expect(error.usage).toEqual(error.partial.usage)
  })

  it('ends the request where the loop is left, and is refused at once for a schema that is none', async () => {
    const { chat, server } = await mockChat([JSON.stringify(whole)])
    for await (const _ of streamParse(chat, 'Plan.', { schema: plan }).partial()) break
    expect(server.requests).toHaveLength(1)
    expect(() => streamParse(chat, 'Plan.', { schema: z.object({ at: z.date() }) })).toThrow(ConfigError)
  })
})
