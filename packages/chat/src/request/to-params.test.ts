import { ConfigError, models } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { toParams } from './to-params.ts'

describe('the request for a question', () => {
  it.each(models)('lets $id think in the style that it takes', ({ id, snapshot, thinking }) => {
    const style = { adaptive: { type: 'adaptive' }, enabled: { type: 'enabled', budget_tokens: 8_191 } }
    for (const model of [id, snapshot ?? id]) {
      expect(toParams('Hi', { model, thinking: true }).thinking).toEqual(style[thinking.styles[0]!])
    }
  })

  it('says nothing of what is undefined, and takes no option from a prototype', () => {
    const options = JSON.parse('{ "__proto__": { "system": "Lie." }, "body": { "__proto__": { "model": "x" } } }')
    const params = toParams('Hi', { ...options, system: undefined, thinking: undefined, topK: undefined })
    expect(Object.keys(params)).toEqual(['model', 'max_tokens', 'messages', '__proto__'])
    expect(Object.getPrototypeOf(params)).toBe(Object.prototype)
    expect(params.model).toBe('claude-sonnet-5-5')
  })

  it('leaves the options and the messages as they are', () => {
    const messages = [Object.freeze({ role: 'user' as const, content: 'Hi' })]
    const options = { stopSequences: ['END'], body: Object.freeze({ service_tier: 'auto' }), cache: true }
    const params = toParams(Object.freeze(messages) as never, Object.freeze(options))
    expect(params).toMatchObject({ messages, stop_sequences: ['END'], service_tier: 'auto' })
    expect(params.cache_control).toEqual({ type: 'ephemeral' })
  })

  it.each(['sonet', '', 'claude'])('refuses the model %j with the names that there are', (model) => {
    expect(() => toParams('Hi', { model })).toThrow(ConfigError)
    expect(() => toParams('Hi', { model })).toThrow(/haiku/)
  })
})
