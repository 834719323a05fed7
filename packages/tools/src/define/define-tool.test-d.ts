import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { jsonSchema } from '../index.ts'
import type { runTools } from '../loop/run-tools.ts'
import { toolset } from '../toolset.ts'
import { defineTool } from './define-tool.ts'
import type { FileChange, Tool } from './tool.ts'

const name = 'x'
const description = 'X.'

test('input is typed by a zod schema, after its defaults and transformations', () => {
  const tool = defineTool({
    name,
    description,
    input: z.object({ a: z.string().transform(Number), b: z.boolean().default(true), c: z.string().optional() }),
    run: (input, { signal, toolUseId, idempotencyKey, turn, checkpoint }) => {
      expectTypeOf(input).toEqualTypeOf<{ a: number; b: boolean; c?: string | undefined }>()
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      expectTypeOf(toolUseId).toEqualTypeOf<string>()
      expectTypeOf(idempotencyKey).toEqualTypeOf<string>()
      expectTypeOf(checkpoint).toEqualTypeOf<(change: FileChange) => Promise<void>>()
      expectTypeOf(turn).toEqualTypeOf<number>()
    },
  })
  expectTypeOf(tool).toExtend<Tool>()
})

test('input is typed by a JSON Schema literal', () => {
  defineTool({
    name,
    description,
    input: {
      type: 'object',
      properties: {
        path: { type: 'string' },
        mode: { enum: ['r', 'w'] },
        lines: { type: 'array', items: { type: 'integer' } },
        flag: { type: ['boolean', 'null'] },
        either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
        kind: { const: 'file' },
        env: { type: 'object', additionalProperties: { type: 'string' } },
        inner: { type: 'object', properties: { deep: { type: 'null' } }, required: ['deep'] },
        any: {},
      },
      required: ['path', 'mode'],
    },
    run: (input) => {
      expectTypeOf(input).toEqualTypeOf<{
        path: string
        mode: 'r' | 'w'
        lines?: number[]
        flag?: boolean | null
        either?: string | number
        kind?: 'file'
        env?: { [key: string]: string }
        inner?: { deep: null }
        any?: unknown
      }>()
    },
  })
})

test('input is typed by name where the JSON Schema is no literal', () => {
  const loaded: { [keyword: string]: unknown } = { type: 'object' }
  defineTool({
    name,
    description,
    input: jsonSchema<{ text: string }>(loaded),
    run: (input) => {
      expectTypeOf(input).toEqualTypeOf<{ text: string }>()
    },
  })
  defineTool({
    name,
    description,
    input: loaded,
    run: (input) => {
      expectTypeOf(input).toEqualTypeOf<unknown>()
    },
  })
})

test("a tool of the client's has nothing that runs", () => {
  expectTypeOf(defineTool({ name, description, input: z.object({ a: z.string() }) })).toExtend<Tool>()
})

test('tools of any input and server tools go into one list', () => {
  const one = defineTool({ name, description, input: z.object({ a: z.string() }), run: ({ a }) => a })
  const two = defineTool({ name: 'y', description, input: { type: 'object' }, run: () => 1 })
  const web = { type: 'web_search_20250305', name: 'web_search' } as const
  expectTypeOf(toolset).toBeCallableWith([one, two, web])
  expectTypeOf<Parameters<typeof runTools>[1]['tools']>().toExtend<unknown>()
  const list: Parameters<typeof runTools>[1]['tools'] = [one, two, web]
  expectTypeOf(list).not.toBeNever()
  // @ts-expect-error a definition without anything to run
  toolset([{ name: 'bare', input_schema: { type: 'object' } }])
})
