import { jsonSchema } from '@enjamb/core'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { createChat, type ParsedReply, parse, type Reply, streamParse } from '../index.ts'

const chat = createChat({ apiKey: 'key' })

test('a value has the type of its schema, after defaults and transformations', async () => {
  const schema = z.object({ a: z.string().transform(Number), b: z.boolean().default(true), c: z.string().optional() })
  const reply = await parse(chat, 'Hi', { schema, retries: 1, model: 'haiku' })
  expectTypeOf(reply).toEqualTypeOf<ParsedReply<{ a: number; b: boolean; c?: string | undefined }>>()
  expectTypeOf(reply).toExtend<Reply>()
})

test('a value has the type of a JSON Schema literal, or the one that is said', async () => {
  const { value } = await parse(chat, 'Hi', {
    schema: {
      type: 'object',
      properties: { a: { enum: ['x', 'y'] }, b: { type: 'array', items: { type: 'number' } } },
      required: ['a'],
    },
  })
  expectTypeOf(value).toEqualTypeOf<{ a: 'x' | 'y'; b?: number[] }>()
  const loaded: { [keyword: string]: unknown } = {}
  expectTypeOf((await parse(chat, 'Hi', { schema: loaded })).value).toEqualTypeOf<unknown>()
  expectTypeOf((await parse(chat, 'Hi', { schema: jsonSchema<{ a: 1 }>(loaded) })).value).toEqualTypeOf<{ a: 1 }>()
})

test('a growing value is partial all the way down, as the model writes it', async () => {
  const schema = z.object({
    kind: z.enum(['a', 'b']),
    count: z.string().transform(Number),
    list: z.array(z.object({ x: z.number(), on: z.boolean().nullable() })),
    pair: z.tuple([z.string(), z.number()]),
    map: z.record(z.string(), z.object({ deep: z.literal('x') })),
    any: z.unknown(),
  })
  const stream = streamParse(chat, 'Hi', { schema })
  for await (const partial of stream.partial()) {
    expectTypeOf(partial).toEqualTypeOf<{
      kind?: string
      count?: string
      list?: { x?: number; on?: boolean | null }[]
      pair?: [string?, number?]
      map?: { [x: string]: { deep?: string } | undefined }
      any?: unknown
    }>()
  }
  expectTypeOf(stream.final()).resolves.toExtend<ParsedReply<{ kind: 'a' | 'b'; count: number }>>()
  for await (const text of stream.text()) expectTypeOf(text).toEqualTypeOf<string>()
})

test('what is no schema is an error, and a stream is not tried again', () => {
  // @ts-expect-error
  parse(chat, 'Hi', {})
  // @ts-expect-error
  parse(chat, 'Hi', { schema: 'string' })
  // @ts-expect-error
  streamParse(chat, 'Hi', { schema: z.string(), retries: 1 })
})
