import {
  ConfigError,
  costOf,
  errorFromJSON,
  errorToJSON,
  MaxOutputTokensError,
  RefusalError,
  SchemaMismatchError,
  sumCosts,
} from '@enjamb/core'
import { defineTool, toolset } from '@enjamb/tools'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { failureOf, mockChat } from '../../test/mock-chat.ts'
import { messageText, type OutputSchema, parse } from '../index.ts'

const river = z.object({ name: z.string(), km: z.number().min(1) })
const json = (value: unknown) => JSON.stringify(value)

describe('an answer that fits', () => {
  it('is a value, of a schema that the API holds the model to', async () => {
    const { chat, sent } = await mockChat([json({ name: 'Rhine', km: 1230 })], { effort: 'low' })
    const reply = await parse(chat, 'Name a river.', { schema: river })
    expect(reply).toMatchObject({ value: { name: 'Rhine', km: 1230 }, text: json(reply.value), stopReason: 'end_turn' })
    expect(sent()[0]?.output_config).toEqual({
      effort: 'low',
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { name: { type: 'string' }, km: { type: 'number', description: '(minimum: 1)' } },
          required: ['name', 'km'],
          additionalProperties: false,
        },
      },
    })
  })

  it.each([
    ['zod', z.object({ a: z.string().transform(Number), b: z.number().default(2) })],
    [
      'valibot',
      toStandardJsonSchema(v.object({ a: v.pipe(v.string(), v.transform(Number)), b: v.optional(v.number(), 2) })),
    ],
  ] as const)('has the defaults and transformations of %s', async (_, schema) => {
    const { chat } = await mockChat([json({ a: '5' })])
    expect((await parse(chat, 'Hi', { schema })).value).toEqual({ a: 5, b: 2 })
  })

  it('may be asked for by a JSON Schema, of anything', async () => {
    const { chat } = await mockChat(['[1, 2]', '"b"', '{ "__proto__": 1 }'])
    expect((await parse(chat, 'Hi', { schema: { type: 'array', items: { type: 'integer' } } })).value).toEqual([1, 2])
    expect((await parse(chat, 'Hi', { schema: { enum: ['a', 'b'] } })).value).toBe('b')
    const { value } = await parse(chat, 'Hi', { schema: { type: 'object' } })
    expect(Object.keys(value)).toEqual(['__proto__'])
  })

  it('is what the mock makes up, where nothing is scripted', async () => {
    const { chat } = await mockChat()
    expect((await parse(chat, 'Hi', { schema: river })).value).toEqual({ name: 'text', km: expect.any(Number) })
  })

  it('comes after thinking and tools, priced with them', async () => {
    const look = defineTool({
      name: 'look',
      description: 'Looks.',
      input: { type: 'object' },
      run: () => 'Rhine, 1230',
    })
    const { chat, sent } = await mockChat([{ toolCalls: [{ name: 'look' }] }, json({ name: 'Rhine', km: 1230 })])
    const reply = await parse(chat, 'Name a river.', { schema: river, tools: toolset([look]), thinking: true })
    expect(reply.value).toEqual({ name: 'Rhine', km: 1230 })
    expect(sent().map(({ output_config }) => Object.keys(output_config as object))).toEqual([['format'], ['format']])
    expect(reply.usage.output_tokens).toBeGreaterThan(reply.message.usage.output_tokens)
    expect(reply.cost!.nanoUsd).toBeGreaterThan(costOf(reply.model, reply.message.usage)!.nanoUsd)
  })
})

describe('an answer that does not fit', () => {
  it('is a typed error with the message, its usage and its cost, and survives JSON', async () => {
    const { chat } = await mockChat([json({ name: 'Rhine', km: 0 })])
    const error = await failureOf<SchemaMismatchError>(parse(chat, 'Hi', { schema: river }))
    expect(error).toBeInstanceOf(SchemaMismatchError)
    expect(error).toMatchObject({
      code: 'schema_mismatch',
      issues: [{ path: ['km'] }],
      message: expect.stringContaining('- km: '),
    })
    expect(messageText(error.partial)).toBe(json({ name: 'Rhine', km: 0 }))
    expect(error.usage).toEqual(error.partial.usage)
    expect(error.cost).toEqual(costOf(error.partial.model, error.usage))
    expect(errorFromJSON(errorToJSON(error))).toBeInstanceOf(SchemaMismatchError)
  })

  it('is asked for again with what is wrong, and each attempt is paid for', async () => {
    const turns = [json({ name: 'Rhine', km: 0 }), 'The Rhine.', json({ name: 'Rhine', km: 1230 })]
    const { chat, sent, server } = await mockChat(turns)
    const reply = await parse(chat, 'Name a river.', { schema: river, retries: 2 })
    expect(reply.value).toEqual({ name: 'Rhine', km: 1230 })
    const { messages } = sent()[2]!
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
    expect(messages[2]?.content).toMatch(/does not fit the schema:\n- km: /)
    expect(messages[4]?.content).toMatch(/the answer: is no JSON/)
    const each = server.ledger.entries.map(({ model, usage }) => costOf(model, usage))
    expect(reply.cost).toEqual(sumCosts(each))
    expect(reply.usage.output_tokens).toBe(
      server.ledger.entries.reduce((sum, { usage }) => sum + usage.output_tokens, 0),
    )
  })

  it('is not asked for more often than said, and not at all by default', async () => {
    const { chat, sent } = await mockChat([{ reply: '{}', times: Number.POSITIVE_INFINITY }])
    await failureOf(parse(chat, 'Hi', { schema: river }))
    expect(sent()).toHaveLength(1)
    const error = await failureOf<SchemaMismatchError>(parse(chat, 'Hi', { schema: river, retries: 3 }))
    expect(sent()).toHaveLength(5)
    expect(error.usage.output_tokens).toBe(4 * error.partial.usage.output_tokens)
  })

  it('may be refined asynchronously', async () => {
    const schema = z.object({ id: z.string().refine(async (id) => id === 'known', 'is not known') })
    const { chat } = await mockChat([json({ id: 'other' }), json({ id: 'known' })])
    expect((await parse(chat, 'Hi', { schema, retries: 1 })).value).toEqual({ id: 'known' })
  })
})

describe('an answer that is none', () => {
  it.each(['max_tokens', 'model_context_window_exceeded'] as const)('is cut off: %s', async (stopReason) => {
    const { chat } = await mockChat([{ text: '{"name": "Rhi', stopReason }])
    const error = await failureOf<MaxOutputTokensError>(parse(chat, 'Hi', { schema: river, retries: 5 }))
    expect(error).toBeInstanceOf(MaxOutputTokensError)
    expect(messageText(error.partial)).toBe('{"name": "Rhi')
    expect(error.usage).toEqual(error.partial.usage)
    expect(error.cost).toEqual(costOf(error.partial.model, error.usage!))
  })

  it('is a refusal, whose price is what the API charges', async () => {
    const { chat } = await mockChat([{ refusal: { category: 'cyber', explanation: 'Not this.' } }])
    const error = await failureOf<RefusalError>(parse(chat, 'Hi', { schema: river, retries: 5 }))
    expect(error).toBeInstanceOf(RefusalError)
    expect(error).toMatchObject({ message: 'The model declined to answer: Not this.', cost: { nanoUsd: 0 } })
    expect(errorFromJSON(errorToJSON(error))).toBeInstanceOf(RefusalError)
  })
})

describe('models without structured output', () => {
  const old = { models: ['claude-3-5-haiku-20241022'] }
  const model = 'claude-3-5-haiku-20241022'

  it('are held to the schema by a tool that they have to call', async () => {
    const { chat, sent } = await mockChat([], { model }, old)
    expect((await parse(chat, 'Hi', { schema: river })).value).toEqual({ name: 'text', km: 1 })
    expect(sent()[0]).toMatchObject({ tools: [{ name: 'answer' }], tool_choice: { type: 'tool', name: 'answer' } })
    expect(sent()[0]).not.toHaveProperty('output_config')
  })

  it('hear what is wrong as the result of that call', async () => {
    const call = (input: object) => ({ toolCalls: [{ name: 'answer', input: input as Record<string, never> }] })
    const { chat, sent } = await mockChat([call({ name: 'Rhine' }), call({ name: 'Rhine', km: 1230 })], { model }, old)
    expect((await parse(chat, 'Hi', { schema: river, retries: 1 })).value).toEqual({ name: 'Rhine', km: 1230 })
    expect(sent()[1]?.messages[2]?.content).toMatchObject([{ type: 'tool_result', is_error: true }])
  })

  it.each([
    [{ model: 'sonnet', by: 'tool' }, /by must be 'format'/],
    [{ thinking: true }, /thinking must be left out/],
    [{ tools: toolset([]) }, /tools must be left out/],
    [{ schema: { type: 'array' } }, /must be of an object/],
  ] as const)('refuse %o', async (options, message) => {
    const { chat, sent } = await mockChat([], { model }, old)
    const error = await failureOf(parse(chat, 'Hi', { schema: river as OutputSchema, ...options }))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(message)
    expect(sent()).toEqual([])
  })
})

describe('a schema that the API cannot take is refused before anything is sent:', () => {
  const tree = z.object({
    get inner() {
      return z.array(tree)
    },
  })
  it.each<[string, unknown, RegExp]>([
    ['none', undefined, /must be one that has a JSON Schema/],
    ['a list', [], /must be one that has a JSON Schema/],
    ['one without a JSON form', z.object({ at: z.date() }), /Date cannot be represented/],
    ['of a library that gives none', v.object({}), /must be one that has a JSON Schema/],
    ['a recursive one', tree, /must not be recursive/],
    ['a reference to the whole', { type: 'object', properties: { a: { $ref: '#' } } }, /must not be recursive/],
    ['a reference to nothing', { $ref: '#/$defs/a' }, /#\/\$defs\/a leads nowhere/],
    ['a reference elsewhere', { $ref: 'https://example.com/a.json' }, /leads nowhere/],
  ])('%s', async (_, schema, message) => {
    const { chat, sent } = await mockChat()
    const error = await failureOf(parse(chat, 'Hi', { schema: schema as never }))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(message)
    expect(sent()).toEqual([])
  })

  it('but one that refers twice to the same is none of these', async () => {
    const point = { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] }
    const schema = {
      type: 'object',
      properties: { from: { $ref: '#/$defs/point' }, to: { $ref: '#/$defs/point' } },
      required: ['from', 'to'],
      $defs: { point },
    }
    const { chat } = await mockChat([json({ from: { x: 1 }, to: { x: 2 } })])
    expect((await parse(chat, 'Hi', { schema })).value).toEqual({ from: { x: 1 }, to: { x: 2 } })
  })
})
