import { ConfigError } from '@enjamb/core'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { toolset } from '../toolset.ts'
import { defineTool } from './define-tool.ts'
import type { InputSchema } from './input-schema.ts'

const named = (name: string) => defineTool({ name, description: 'A tool.', input: { type: 'object' }, run: () => name })
const withInput = (input: InputSchema) => () => defineTool({ name: 'x', description: 'X.', input, run: () => '' })
const use = (name: string, input: unknown = {}) => ({ type: 'tool_use', id: 'toolu_1', name, input }) as const

describe('defineTool', () => {
  test('takes the names that the API takes', () => {
    for (const name of ['a', 'mcp__server__read-file', 'X'.repeat(128)]) expect(named(name).name).toBe(name)
    for (const name of ['', 'a b', 'a.b', 'é', 'X'.repeat(129), 'a\n']) {
      expect(() => named(name)).toThrow(ConfigError)
    }
  })

  test('makes a definition of a JSON Schema, with further fields as the API names them', () => {
    const { definition } = defineTool({
      name: 'find',
      description: 'Finds.',
      input: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { q: { type: 'string' } },
      },
      wire: { eager_input_streaming: true, cache_control: { type: 'ephemeral' } },
      run: () => '',
    })
    expect(definition).toEqual({
      name: 'find',
      description: 'Finds.',
      input_schema: { type: 'object', properties: { q: { type: 'string' } } },
      eager_input_streaming: true,
      cache_control: { type: 'ephemeral' },
    })
  })

  test('makes a definition of a zod schema, and runs on its output', async () => {
    const tool = defineTool({
      name: 'count',
      description: 'Counts.',
      input: z.object({ text: z.string().transform((text) => text.length), step: z.number().default(2) }),
      run: ({ text, step }) => text * step,
    })
    expect(tool.definition).toMatchObject({
      input_schema: {
        type: 'object',
        properties: { text: { type: 'string' }, step: { default: 2 } },
        required: ['text'],
      },
    })
    expect(await toolset([tool]).call(use('count', { text: 'abc' }))).toMatchObject({ content: '6' })
  })

  test('writes schemas as the API reads them, by the newest draft', () => {
    const pair = defineTool({
      name: 'pair',
      description: 'Takes two.',
      input: z.object({ pair: z.tuple([z.string(), z.number()]) }),
      run: ({ pair: [text, count] }) => text.repeat(count),
    })
    expect(pair.definition).toMatchObject({
      input_schema: { properties: { pair: { prefixItems: [{ type: 'string' }, { type: 'number' }] } } },
    })
    expect(pair.definition).not.toHaveProperty('input_schema.$schema')
  })

  test('says why a schema has no JSON Schema, and keeps the cause', () => {
    const input = z.object({ when: z.date() })
    expect(withInput(input)).toThrow(expect.objectContaining({ cause: expect.any(Error) }))
  })

  test('awaits a schema that checks asynchronously', async () => {
    const tool = defineTool({
      name: 'x',
      description: 'X.',
      input: z.object({ id: z.string().refine(async (id) => id === 'known', 'is not known') }),
      run: ({ id }) => id,
    })
    expect(await toolset([tool]).call(use('x', { id: 'known' }))).toMatchObject({ content: 'known' })
    expect(await toolset([tool]).call(use('x', { id: 'other' }))).toMatchObject({
      is_error: true,
      content: expect.stringContaining('- id: is not known'),
    })
  })

  test('refuses a schema that the API would, and one without a JSON Schema', () => {
    expect(withInput({ type: 'string' })).toThrow(ConfigError)
    expect(withInput({})).toThrow(ConfigError)
    expect(withInput(undefined as never)).toThrow(ConfigError)
    for (const union of ['anyOf', 'oneOf', 'allOf']) {
      expect(withInput({ type: 'object', [union]: [{}] })).toThrow(/no union at its top/)
    }
    expect(withInput(z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]))).toThrow(ConfigError)
    expect(withInput(z.object({ when: z.date() }))).toThrow(/Date cannot be represented/)
    expect(
      withInput({ '~standard': { version: 1, vendor: 'old', validate: (value: unknown) => ({ value }) } }),
    ).toThrow(ConfigError)
  })
})

describe('toolset', () => {
  const web = { type: 'web_search_20250305', name: 'web_search', max_uses: 2 } as const

  test('lists definitions, and passes server tools through untouched', () => {
    const { definitions, get } = toolset([named('a'), web])
    expect(definitions).toEqual([named('a').definition, web])
    expect(definitions[1]).toBe(web)
    expect(get('a')?.name).toBe('a')
    expect(get('b')).toBeUndefined()
    expect(get('web_search')).toBeUndefined()
  })

  test('holds what is allowed and not denied', () => {
    const names = (filter: object) =>
      toolset([named('read'), named('read_all'), named('write'), web], filter).definitions.map(
        (tool) => 'name' in tool && tool.name,
      )
    expect(names({})).toEqual(['read', 'read_all', 'write', 'web_search'])
    expect(names({ allow: ['read*', 'write'] })).toEqual(['read', 'read_all', 'write'])
    expect(names({ allow: ['read'] })).toEqual(['read'])
    expect(names({ deny: ['*'] })).toEqual([])
    expect(names({ allow: ['read', 'write'], deny: ['w*'] })).toEqual(['read'])
    expect(names({ allow: ['*_all', 'w*t*e'] })).toEqual(['read_all', 'write'])
  })

  test.each(['Bash(rm:*)', 'read.*', '', 'a b'])('refuses to allow or deny %j, which names no tool', (name) => {
    for (const kind of ['allow', 'deny'])
      expect(() => toolset([named('read')], { [kind]: [name] })).toThrow(ConfigError)
  })

  test('does not let the model reach, or see, a tool that is denied', async () => {
    const result = await toolset([named('read'), named('write')], { deny: ['write'] }).call(use('write'))
    expect(result).toEqual({
      type: 'tool_result',
      tool_use_id: 'toolu_1',
      is_error: true,
      content: 'There is no tool "write" here; there are: read.',
    })
  })

  test('tells the model only of tools that run here, and that there may be none', async () => {
    const told = async (...tools: Parameters<typeof toolset>[0]) =>
      (await toolset(tools).call(use('web_search'))).content
    expect(await told(named('a'), web, named('b'))).toBe('There is no tool "web_search" here; there are: a, b.')
    expect(await told(web)).toBe('There is no tool "web_search" here; there are: none.')
  })

  test('knows a toolset of the API by its type', () => {
    const browser = { type: 'browser_20260101' } as never
    expect(toolset([browser, named('a')], { deny: ['browser*'] }).definitions).toEqual([named('a').definition])
    expect(() => toolset([browser, browser])).toThrow('Two tools are named "browser_20260101".')
  })

  test('refuses two tools of one name', () => {
    expect(() => toolset([named('a'), named('a')])).toThrow(ConfigError)
    expect(() => toolset([named('web_search'), web])).toThrow(ConfigError)
  })

  test('answers for a call whose signal is aborted already', async () => {
    const run = vi.fn()
    const tool = defineTool({ name: 'x', description: 'X.', input: { type: 'object' }, run })
    const result = await toolset([tool]).call(use('x'), { signal: AbortSignal.abort() })
    expect(result).toMatchObject({ is_error: true, content: expect.stringMatching(/^Interrupted/) })
    expect(run).not.toHaveBeenCalled()
  })

  test('repeats the toolset that a call belongs to', async () => {
    const result = await toolset([named('a')]).call({ ...use('a'), toolset_name: 'browser' })
    expect(result).toMatchObject({ toolset_name: 'browser' })
  })
})

describe('an input of', () => {
  const schemas = {
    zod: z.object({ city: z.string().min(2), days: z.number().optional() }),
    arktype: type({ city: 'string >= 2', 'days?': 'number' }),
    valibot: toStandardJsonSchema(v.object({ city: v.pipe(v.string(), v.minLength(2)), days: v.optional(v.number()) })),
    'a JSON Schema': {
      type: 'object',
      properties: { city: { type: 'string', minLength: 2 }, days: { type: 'number' } },
      required: ['city'],
    } as const,
  }

  test.each(Object.entries(schemas))('%s is described, and checked, alike', async (_, input) => {
    const options = {
      name: 'weather',
      description: 'Tells the weather.',
      run: ({ city }: { city: string }) => `Sunny in ${city}`,
    }
    const tool = defineTool({ ...options, input } as Parameters<typeof defineTool<typeof input>>[0])
    expect(tool.definition).toMatchObject({
      input_schema: {
        type: 'object',
        properties: { city: { type: 'string', minLength: 2 }, days: { type: 'number' } },
        required: ['city'],
      },
    })
    const call = (input: unknown) =>
      toolset([tool]).call({ type: 'tool_use', id: 'toolu_1', name: 'weather', input: input as object })
    expect(await call({ city: 'Rome', days: 2 })).toMatchObject({ content: 'Sunny in Rome' })
    for (const bad of [{}, { city: 'R' }, { city: 7 }, { city: 'Rome', days: 'two' }, null, 'Rome']) {
      expect(await call(bad)).toMatchObject({ is_error: true, content: expect.stringContaining('does not fit') })
    }
  })
})
