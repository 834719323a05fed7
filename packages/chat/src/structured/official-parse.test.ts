import Anthropic from '@anthropic-ai/sdk'
import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import type { JSONSchema } from '@enjamb/core'
import type { Turn } from '@enjamb/testing'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mockChat } from '../../test/mock-chat.ts'
import { parse, streamParse } from '../index.ts'

const json = (value: unknown): Turn => JSON.stringify(value)
const city = z.object({ city: z.string() })
const item = z.object({ id: z.string(), note: z.string().optional(), tags: z.array(z.string()).default([]) })
const party = z.union([
  z.object({ kind: z.literal('person'), age: z.number() }),
  z.object({ kind: z.literal('firm'), employees: z.number() }),
])
const forest = z.object({ trees: z.array(z.object({ name: z.string(), rings: z.object({ count: z.int() }) })) })
const ticket = z.object({ priority: z.enum(['low', 'high']), status: z.enum(['todo', 'done']).default('todo') })
const bounded = z.object({
  age: z.number().min(18).max(99),
  mail: z.email(),
  two: z.array(z.int()).min(2),
  some: z.array(z.int()).min(1),
})
const named = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const
const withRefs = {
  type: 'object',
  properties: {
    from: { $ref: '#/$defs/point' },
    to: { $ref: '#/$defs/point' },
    kind: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  required: ['from', 'to'],
  $defs: {
    point: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'], additionalProperties: true },
  },
} as const
const point = { from: { x: 1 }, to: { x: 2 }, kind: null }

/** What both clients are asked, and what is answered. */
const scenarios: [name: string, schema: z.ZodType | JSONSchema, answer: Turn][] = [
  ['a simple object', city, json({ city: 'Basel' })],
  ['objects in lists in objects', forest, json({ trees: [{ name: 'oak', rings: { count: 3 } }] })],
  ['one of a union', party, json({ kind: 'firm', employees: 7 })],
  ['what may be left out, and has a default', z.object({ items: z.array(item), more: z.boolean().default(false) }), json({ items: [{ id: '1', tags: ['a'] }, { id: '2', note: 'b' }] })], // biome-ignore format: a table
  ['enums', ticket, json({ priority: 'high', status: 'done' })],
  ['enums with a default', ticket, json({ priority: 'high' })],
  ['a transformation', z.object({ km: z.string().transform(Number) }), json({ km: '12' })],
  ['bounds and formats that are kept', bounded, json({ age: 20, mail: 'a@b.ch', two: [1, 2], some: [1] })],
  ['bounds that are not kept', bounded, json({ age: 2, mail: 'a@b.ch', two: [1, 2], some: [1] })],
  ['a type that is another', city, json({ city: 7 })],
  ['a field that is missing', city, json({})],
  ['one of no member of a union', party, json({ kind: 'firm', age: 1 })],
  ['no JSON', city, 'Basel, I think.'],
  ['JSON that is cut off', city, { text: '{"city": "Bas', stopReason: 'max_tokens' }],
  ['two texts, of which the first is JSON', city, { content: [{ type: 'text', text: '{"city":"Basel"}' }, { type: 'text', text: '{"city":"Bern"}' }] }], // biome-ignore format: a table
  ['nothing', city, { content: [] }],
  ['a refusal', city, { refusal: 'cyber' }],
  ['by a JSON Schema', named, json({ name: 'Rhine' })],
  ['by a JSON Schema that refers to its parts', withRefs, json(point)],
  ['by a JSON Schema, no JSON', named, 'The Rhine.'],
]

/** Where ours is another on purpose: no text, or texts of two minds, is no value; what is transformed has the schema of what is written. */
const others: Record<string, unknown> = {
  'two texts, of which the first is JSON': 'an error',
  nothing: 'an error',
  'a refusal': 'an error',
  'a transformation': { value: { km: 12 } },
}

/**
 * What a schema holds the model to: without what is only said, with its parts in their places. The official client asks also for
 * what has a default.
 */
function formOf(schema: JSONSchema, root: JSONSchema = schema): unknown {
  const { $ref, $defs: _, description: __, type, required, ...rest } = schema
  if (typeof $ref === 'string')
    return formOf((root.$defs as Record<string, JSONSchema>)[$ref.split('/').at(-1)!]!, root)
  const inner = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(inner) : value instanceof Object ? formOf(value as JSONSchema, root) : value
  const properties = Object(schema.properties) as Record<string, JSONSchema>
  const needed = (required as string[] | undefined)?.filter(
    (name) => !`${properties[name]?.description}`.includes('default:'),
  )
  const form = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, inner(value)]))
  return { ...form, ...(!('enum' in rest || 'const' in rest) && { type }), ...(needed?.length && { required: needed }) }
}

describe('what the official client parses, ours does, of the same request:', () => {
  it.each(scenarios)('%s', async (name, schema, answer) => {
    const { chat, server, sent } = await mockChat([answer, answer, answer], { retry: { maxRetries: 0 } })
    const official = new Anthropic({ apiKey: 'k', baseURL: server.url, maxRetries: 0, logLevel: 'off' })
    const messages = [{ role: 'user' as const, content: 'Hi' }]
    const ended = (work: Promise<unknown>) => work.then((value) => ({ value }), () => 'an error') // biome-ignore format: one line
    const theirs = await ended(
      Promise.resolve().then(async () => {
        const format = '_zod' in schema ? zodOutputFormat(schema as z.ZodType) : jsonSchemaOutputFormat(schema as never)
        const params = { model: 'claude-haiku-5-5', max_tokens: 8192, messages, output_config: { format } }
        return (await official.messages.parse(params)).parsed_output
      }),
    )
    const options = { schema: schema as z.ZodType, model: 'haiku' }
    const ours = await ended(parse(chat, 'Hi', options).then(({ value }) => value))
    const streamed = await ended(streamParse(chat, 'Hi', options).final().then(({ value }) => value)) // biome-ignore format: one line
    expect(ours).toEqual(others[name] ?? theirs)
    expect(streamed).toEqual(ours)
    const forms = sent().map(({ output_config }) =>
      formOf((output_config as { format: { schema: JSONSchema } }).format.schema),
    )
    for (const form of forms) expect(form).toEqual(forms[0])
    expect(forms.length).toBeGreaterThan(1)
  })
})
