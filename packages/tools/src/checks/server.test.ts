import { ConfigError, createClient } from '@enjamb/core'
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
    const error = new ConfigError(`defineTool has no option "${wrong}"; did you mean "${meant}"?`)
    expect(() => defineTool({ ...options, [wrong]: true })).toThrow(error)
  })

  test.each([
    ['maxturns', 'maxTurns'],
    ['permissions', 'permission'],
    ['onEvents', 'onEvent'],
    ['stop', 'stopWhen'],
    ['timeout', 'timeoutMs'],
  ])('%s of runTools', (wrong, meant) => {
    const error = new ConfigError(`runTools has no option "${wrong}"; did you mean "${meant}"?`)
    expect(run({ [wrong]: 1 })).toThrow(error)
  })

  test('and those that are right are not', () => {
    const names = ['maxTurns', 'concurrency', 'timeoutMs', 'idleTimeoutMs', 'deadlineMs'] as const
    expect(
      run({ ...Object.fromEntries(names.map((name) => [name, 1])), signal: undefined, project: 'a' }),
    ).not.toThrow()
  })
})

test('a tool without its function is refused', () => {
  expect(() => defineTool({ ...options, run: undefined as never })).toThrow('Tool "x" needs a function as run.')
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
