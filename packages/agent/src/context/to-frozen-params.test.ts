import { ConfigError, models } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { defaultSystem } from './system/default-system.ts'
import { toFrozenParams } from './to-frozen-params.ts'

const session = { sessionId: 's-1' }
const textOf = (options: Parameters<typeof toFrozenParams>[0], instructions?: string) =>
  toFrozenParams(options, { ...session, instructions }).system

describe('the system prompt', () => {
  it('is one of our own where none is given, with what is known of the model filled in', () => {
    const [block] = textOf({ model: 'opus' }) as { text: string }[]
    expect(block!.text).toContain('Claude Opus 5.5 (claude-opus-5-5), whose knowledge is reliable up to 2026-06.')
    expect(defaultSystem).not.toMatch(/Claude|Anthropic/)
  })

  it('is replaced by the one given, text or blocks, with the same filled in and all other braces left', () => {
    const system = 'You are {model_display_name}. Reply as {"a": {b}}, {model_id}.'
    const text = 'You are Claude Haiku 4.5. Reply as {"a": {b}}, claude-haiku-4-5.'
    expect(textOf({ model: 'claude-haiku-4-5', system })).toEqual([{ type: 'text', text }])
    const mark = { cache_control: { type: 'ephemeral' as const } }
    expect(textOf({ model: 'claude-haiku-4-5', system: [{ type: 'text', text: system, ...mark }] })).toEqual([
      { type: 'text', text, ...mark },
    ])
  })

  it('names a model that is not known by its id, and says that its cutoff is not published', () => {
    const system = '{model_display_name}/{model_id}/{knowledge_cutoff}'
    expect(textOf({ model: 'some-model', system })).toMatchObject([
      { text: 'some-model/some-model/a date that is not published' },
    ])
  })

  it('is followed by instructions, in which nothing is filled in, and by what is added', () => {
    const options = { model: 'opus', system: 'One.', appendSystem: 'On {model_id}.' } as const
    expect(textOf(options, 'Mind {model_id}.')).toMatchObject([
      { text: 'One.' },
      { text: 'Mind {model_id}.' },
      { text: 'On claude-opus-5-5.' },
    ])
  })

  it('is none where it is empty', () => {
    expect(toFrozenParams({ system: '' }, session)).not.toHaveProperty('system')
    expect(textOf({ system: ' ', appendSystem: [{ type: 'text', text: 'Two.' }] })).toMatchObject([{ text: 'Two.' }])
  })

  it.each([5, { text: 'a' }, [{ type: 'image' }], ['a'], null])('is refused where it is none: %j', (system) => {
    expect(() => toFrozenParams({ system: system as never }, session)).toThrow(ConfigError)
    expect(() => toFrozenParams({ appendSystem: system as never }, session)).toThrow(/^appendSystem must be/)
  })
})

describe('the id of whom requests are for', () => {
  const host = { hostHash: 'f00', accountId: 'acc' }
  const idOf = (metadata: object) => toFrozenParams({ metadata }, { ...session, host }).metadata?.user_id

  it.each([
    [{}, 'user_f00_account_acc_session_s-1'],
    [{ deviceId: 'd', accountId: 'a', sessionId: 's' }, 'user_d_account_a_session_s'],
    [{ hostHash: false }, 'account_acc_session_s-1'],
    [{ hostHash: false, deviceId: 'd' }, 'user_d_account_acc_session_s-1'],
    [{ accountId: '' }, 'user_f00_session_s-1'],
    [{ userId: 'mine' }, 'mine'],
  ])('of %j is %s', (metadata, id) => {
    expect(idOf(metadata)).toBe(id)
  })

  it('is told to nobody who did not ask for it', () => {
    expect(toFrozenParams({}, { ...session, host })).not.toHaveProperty('metadata')
  })

  it('is refused where it is longer than the API takes', () => {
    expect(() => idOf({ deviceId: 'd'.repeat(300) })).toThrow('metadata must come to 256 characters at most')
  })
})

it.each(models.map(({ id }) => id))(
  '%s gets no more tokens by default than it takes, and thinks in its own style',
  (model) => {
    const frozen = toFrozenParams({ model, thinking: true }, session, { maxTokens: 1_000_000, effort: 'low' })
    const { maxOutputTokens, thinking, effort } = models.find(({ id }) => id === model)!
    expect(frozen.max_tokens).toBe(maxOutputTokens)
    expect(frozen.thinking?.type).toBe(thinking.styles[0])
    expect(frozen.output_config?.effort).toBe(effort && 'low')
  },
)

it('has nothing in it that changes from one request to the next, and no mark of ours', () => {
  const tools = [{ name: 'look', input_schema: { type: 'object' as const } }]
  const make = () =>
    toFrozenParams({ model: 'sonnet', cache: '1h', cwd: '/tmp', instructions: true }, { ...session, tools })
  expect(JSON.stringify(make())).toBe(JSON.stringify(make()))
  expect(Object.keys(make()).sort()).toEqual(['max_tokens', 'model', 'system', 'tools'])
  expect(JSON.stringify(make())).not.toContain('cache_control')
})
