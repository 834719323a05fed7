import { ConfigError } from '@enjamb/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { toolset } from '../toolset.ts'
import { defineTool } from './define-tool.ts'
import { strictTool } from './strict-tool.ts'

const find = defineTool({
  name: 'find',
  description: 'Finds.',
  input: z.object({ q: z.string().trim().min(2) }),
  wire: { cache_control: { type: 'ephemeral' } },
  readOnly: true,
  run: ({ q }) => `found ${q}`,
})

describe('a strict tool', () => {
  test('sends its schema as the API takes it, and says what that cannot hold', () => {
    expect(strictTool(find).definition).toEqual({
      name: 'find',
      description: 'Finds.',
      strict: true,
      input_schema: {
        type: 'object',
        properties: { q: { type: 'string', description: '(minLength: 2)' } },
        required: ['q'],
        additionalProperties: false,
      },
      cache_control: { type: 'ephemeral' },
    })
  })

  test('is otherwise the tool that it was, checks included', async () => {
    const strict = strictTool(find)
    const call = (q: string) => ({ type: 'tool_use', id: 'toolu_1', name: 'find', input: { q } }) as const
    expect(strict.readOnly).toBe(true)
    expect(await toolset([strict]).call(call(' it '))).toMatchObject({ content: 'found it' })
    expect(await toolset([strict]).call(call('i'))).toMatchObject({ is_error: true })
    expect(find.definition).not.toHaveProperty('strict')
  })

  test('is not made of one that the API defines', () => {
    const bash = { ...find, name: 'bash', definition: { type: 'bash_20250124', name: 'bash' } } as const
    expect(() => strictTool(bash)).toThrow(new ConfigError('Tool "bash" has no input schema of its own.'))
  })

  test('is asked for by name, for the schema would be refused as it is', () => {
    const wire = { strict: true } as never
    expect(() => defineTool({ name: 'x', description: 'X.', input: { type: 'object' }, wire, run: () => '' })).toThrow(
      new ConfigError('Make "x" strict with strictTool.'),
    )
  })
})
