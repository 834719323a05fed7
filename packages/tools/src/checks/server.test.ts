import { fileURLToPath } from 'node:url'
import { ConfigError, createClient } from '@enjamb/core'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { params } from '../../test/mock-run.ts'
import { defineTool, runTools, toolset } from '../index.ts'

const options = { name: 'x', description: 'X.', input: { type: 'object' }, run: () => '' } as const
const run = (more: object) => () => runTools(createClient({ apiKey: 'k' }), params([]), more)

describe('an option that is misspelt is refused, with the one that was meant:', () => {
  test.each([
    ['readonly', 'readOnly'],
    ['idempotant', 'idempotent'],
    ['timeout', 'timeoutMs'],
    ['maxResultCharacters', 'maxResultChars'],
  ])('%s of defineTool', (wrong, meant) => {
    const error = new ConfigError(`defineTool has no option "${wrong}": did you mean ${meant}?`)
    expect(() => defineTool({ ...options, [wrong]: true })).toThrow(error)
  })

  test.each([
    ['maxturns', 'maxTurns'],
    ['permissions', 'permission'],
    ['onEvents', 'onEvent'],
    ['stop', 'stopWhen'],
    ['timeout', 'timeoutMs'],
  ])('%s of runTools', (wrong, meant) => {
    const error = new ConfigError(`runTools has no option "${wrong}": did you mean ${meant}?`)
    expect(run({ [wrong]: 1 })).toThrow(error)
  })

  test('and those that are right are not', () => {
    const names = ['maxTurns', 'concurrency', 'timeoutMs', 'idleTimeoutMs', 'deadlineMs'] as const
    expect(
      run({ ...Object.fromEntries(names.map((name) => [name, 1])), signal: undefined, project: 'a' }),
    ).not.toThrow()
  })
})

test.each([undefined, null, 'work'])('%s is refused as what runs, and none at all is not', (run) => {
  expect(() => defineTool({ ...options, run: run as never })).toThrow('Tool "x" needs a function as run.')
  const { run: _, ...client } = options
  expect(toolset([defineTool(client)]).get('x')).not.toHaveProperty('run')
})

test('the definition of a tool alone is refused', () => {
  expect(() => toolset([defineTool(options).definition as never])).toThrow(
    new ConfigError('"x" is the definition of a tool alone; make the tool with defineTool.'),
  )
})

test('what is no list of messages is refused at once', () => {
  for (const none of [undefined, 'Hi.', { role: 'user' }]) {
    const given = { ...params([]), messages: none as never }
    expect(() => runTools(createClient({ apiKey: 'k' }), given)).toThrow(new ConfigError('messages must be a list.'))
  }
})

test('what is no list of tools is refused', () => {
  for (const none of [{ a: 1 }, undefined, null, 'read', [{ a: 1 }], [null], [7]]) {
    expect(() => toolset(none as never)).toThrow(ConfigError)
  }
})

describe('in a bundle for browsers', () => {
  const bundled = async (program: string, mode: string) => {
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
      bundle: true,
      format: 'esm',
      platform: 'browser',
      conditions: ['@enjamb/source', mode],
      write: false,
    })
    return import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`)
  }
  const program = `
    import { defineTool, toolset } from './index.ts'
    export const tool = (more) => defineTool({ name: 'x', description: 'X.', input: { type: 'object' }, run: () => 'Done.', ...more })
    export const twice = () => toolset([tool(), tool()])
    export const call = () => toolset([tool()]).call({ type: 'tool_use', id: 'toolu_1', name: 'x', input: {} })`

  test.each([{ timeout: 1 }, { name: 'a tool' }, { input: { type: 'string' } }, { wire: { strict: true } }])(
    'a slip is told of during development: %o',
    async (slip) => {
      const { tool } = await bundled(program, 'development')
      expect(tool).not.toThrow()
      expect(() => tool(slip)).toThrow(expect.objectContaining({ name: 'ConfigError' }))
    },
  )

  test('tools of one name are told of during development, and left to the API after it', async () => {
    expect((await bundled(program, 'development')).twice).toThrow('Two tools are named "x".')
    expect((await bundled(program, 'production')).twice().definitions).toHaveLength(2)
  })

  test('a tool works after it', async () => {
    const { call } = await bundled(program, 'production')
    expect(await call()).toMatchObject({ tool_use_id: 'toolu_1', content: 'Done.' })
  })
})
