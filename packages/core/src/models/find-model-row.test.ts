import { expect, it } from 'vitest'
import { modelRow } from './find-model-row.ts'
import { models } from './models.generated.ts'

it('finds every model by its id, its dated id, any other date and its alias, and tells what the list tells', () => {
  for (const { id, snapshot, alias, prices, thinking, effort, forcedToolChoice } of models) {
    const row = modelRow(id)!
    for (const name of [snapshot, alias, alias?.toUpperCase(), `${id}-20270101`]) {
      if (name) expect(modelRow(name), name).toBe(row)
    }
    const [input, cacheRead, letters, efforts, off] = row
    const has = (letter: string) => letters.includes(letter)
    expect({ input, cacheRead, output: input * 5, cacheWrite5m: input * 1.25, cacheWrite1h: input * 2 }).toEqual({
      input: prices?.input,
      cacheRead: prices?.cacheRead,
      output: prices?.output,
      cacheWrite5m: prices?.cacheWrite5m,
      cacheWrite1h: prices?.cacheWrite1h,
    })
    expect(['adaptive', 'enabled'].filter((_, n) => has('ab'[n]!))).toEqual([...thinking.styles])
    const levels = ['low', 'medium', 'high', 'max', 'xhigh'].slice(0, efforts)
    expect(levels.sort()).toEqual([...(effort?.levels ?? [])].sort())
    expect(off).toBe(thinking.off)
    expect(has('h') ? 'high' : undefined).toBe(thinking.offUpTo)
    expect([has('c'), has('o'), has('f')], id).toEqual([
      forcedToolChoice,
      thinking.byDefault,
      prices?.fastMultiplier === 2,
    ])
  }
})

it.each([
  ['claude-haiku-4-5', 'anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['claude-haiku-4-5', 'us-gov.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['claude-opus-4-6', 'global.anthropic.claude-opus-4-6-v1'],
  ['claude-opus-5-5', 'jp.anthropic.claude-opus-5-5'],
  ['claude-sonnet-5', 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-5'],
  ['claude-haiku-4-5', 'arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['claude-haiku-4-5', 'claude-haiku-4-5@20251001'],
  ['claude-opus-4-6', 'claude-opus-4-6@default'],
])('finds %s by the id that a cloud has for it, %s', (id, name) => {
  expect(modelRow(name)).toBe(modelRow(id))
  expect(modelRow(id)).toBeDefined()
})

it.each(['claude-opus', 'opus-5-5', 'claude-opus-5-6', 'claude-opus-5-5-fast', 'claude-opus-5-5-2026', 'toString', ''])(
  'finds nothing for %j, which is no model',
  (name) => {
    expect(modelRow(name)).toBeUndefined()
  },
)
