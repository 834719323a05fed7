import { describe, expect, test } from 'vitest'
import { ConfigError } from '../errors/config-error.ts'
import { findModel } from './find-model.ts'
import { models } from './models.generated.ts'
import { resolveModel } from './resolve-model.ts'

describe('resolveModel', () => {
  test.each(['haiku', 'sonnet', 'opus', 'fable'])('%s stands for the newest model of its family', (alias) => {
    const family = models.filter((model) => model.id.startsWith(`claude-${alias}-`))
    const version = (id: string) => Number(id.split('-').slice(2).join('.'))
    const newest = family.reduce((a, b) => (version(b.id) > version(a.id) ? b : a))
    expect(resolveModel(alias)).toBe(newest.id)
  })

  test('an alias may be written in any case', () => {
    expect(resolveModel('Opus')).toBe(resolveModel('opus'))
  })

  test.each([
    'claude-opus-4-8',
    'claude-haiku-4-5-20251001',
    'claude-something-new',
    'Claude-Sonnet-9',
    'us.anthropic.claude-opus-5-5',
  ])('the id %s passes as it is', (id) => {
    expect(resolveModel(id)).toBe(id)
  })

  test.each(['sonet', '', 'gpt4', 'auto', 'constructor', '__proto__', ' opus'])(
    '%j is refused with the aliases that there are',
    (name) => {
      expect(() => resolveModel(name)).toThrow(ConfigError)
      expect(() => resolveModel(name)).toThrow(JSON.stringify(name))
      for (const alias of ['haiku', 'sonnet', 'opus']) expect(() => resolveModel(name)).toThrow(alias)
    },
  )
})

describe('findModel', () => {
  test('every model is found by its id, its dated id and its alias', () => {
    for (const model of models) {
      expect(findModel(model.id)).toBe(model)
      if (model.snapshot) expect(findModel(model.snapshot)).toBe(model)
      if (model.alias) expect(findModel(model.alias)).toBe(model)
    }
  })

  test('a dated id that is not listed is the model without the date', () => {
    expect(findModel('claude-opus-5-5-20261224')?.id).toBe('claude-opus-5-5')
  })

  test.each(['claude-opus-5-6', 'claude-opus-5-5-fast', 'claude-sonnet', 'claude-opus-5-5-2026', ''])(
    'the similar name %j finds nothing',
    (name) => {
      expect(findModel(name)).toBeUndefined()
    },
  )
})
