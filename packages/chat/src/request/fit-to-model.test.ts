import { ConfigError, models } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import type { ChatOptions } from './chat-options.ts'
import { toParams } from './to-params.ts'

const ask = (model: string, options: ChatOptions = {}, defaults = {}) => {
  const { thinking, output_config } = toParams('Hi', { model, ...options }, defaults)
  return { thinking, effort: output_config?.effort }
}

describe('thinking: false', () => {
  it.each(models)(
    'turns thinking off on $id where that is possible, and says so where it is not',
    ({ id, thinking }) => {
      if (thinking.off) return expect(ask(id, { thinking: false }).thinking).toEqual({ type: thinking.off })
      expect(() => ask(id, { thinking: false })).toThrow(ConfigError)
      expect(() => ask(id, { thinking: false })).toThrow("effort: 'low'")
    },
  )

  it('is left out as a default that the model cannot fulfil', () => {
    expect(ask('opus', {}, { thinking: false }).thinking).toBeUndefined()
    expect(ask('sonnet', {}, { thinking: false }).thinking).toEqual({ type: 'between_tools' })
  })

  it('does not go with more than high effort on the models that refuse it', () => {
    for (const model of ['sonnet', 'haiku', 'claude-opus-5']) {
      expect(() => ask(model, { thinking: false, effort: 'xhigh' })).toThrow(/effort must be low, medium, high\./)
      expect(ask(model, { thinking: false }, { effort: 'max' }).effort).toBeUndefined()
      expect(ask(model, { effort: 'max' }, { thinking: false })).toEqual({ thinking: undefined, effort: 'max' })
      expect(ask(model, { thinking: false, effort: 'high' }).effort).toBe('high')
    }
    expect(ask('claude-sonnet-5', { thinking: false, effort: 'max' })).toEqual({
      thinking: { type: 'disabled' },
      effort: 'max',
    })
  })

  it('of a model that is not known is sent as it is', () => {
    expect(ask('claude-of-tomorrow', { thinking: false, effort: 'max' })).toEqual({
      thinking: { type: 'disabled' },
      effort: 'max',
    })
  })
})

describe('an effort', () => {
  it.each(models)(
    'is sent to $id if it takes it, refused if it does not, and left out as a default',
    ({ id, effort }) => {
      for (const level of ['low', 'medium', 'high', 'xhigh', 'max'] as const) {
        if (effort?.levels.includes(level)) expect(ask(id, { effort: level }).effort).toBe(level)
        else {
          expect(() => ask(id, { effort: level })).toThrow(ConfigError)
          expect(ask(id, {}, { effort: level }).effort).toBeUndefined()
        }
      }
    },
  )

  it('that is refused names those that are not', () => {
    expect(() => ask('claude-opus-4-5', { effort: 'max' })).toThrow('effort must be low, medium, high.')
    expect(() => ask('claude-haiku-4-5', { effort: 'low' })).toThrow('effort must be left out.')
  })
})

describe('a thinking budget', () => {
  it.each(models)('is sent to $id if it takes one', ({ id, thinking: { styles } }) => {
    const thinking = { budgetTokens: 2_000 }
    if (styles.includes('enabled')) {
      expect(ask(id, { thinking }).thinking).toEqual({ type: 'enabled', budget_tokens: 2_000 })
    } else {
      expect(() => ask(id, { thinking })).toThrow('thinking must be true or false')
      expect(ask(id, {}, { thinking }).thinking).toEqual({ type: 'adaptive' })
    }
  })
})

describe('how thoughts are displayed', () => {
  it.each(models)('is told to $id where it thinks, unasked or not', ({ id, thinking: { byDefault, styles } }) => {
    const display = 'summarized'
    const unasked = byDefault ? { type: 'adaptive', display } : undefined
    expect(ask(id, { display }).thinking).toEqual(unasked)
    expect(ask(id, {}, { display }).thinking).toEqual(unasked)
    expect(ask(id, { display, thinking: true }).thinking).toMatchObject({ type: styles[0], display })
  })

  it('is not told to a model that is not to think, nor to one that is not known unless it is to think', () => {
    expect(ask('sonnet', { display: 'summarized', thinking: false }).thinking).toEqual({ type: 'between_tools' })
    expect(ask('claude-of-tomorrow', {}, { display: 'summarized' }).thinking).toBeUndefined()
    const shown = ask('claude-of-tomorrow', { display: 'updates', thinking: true })
    expect(shown.thinking).toEqual({ type: 'adaptive', display: 'updates' })
  })
})

it.each(models)('a forced tool choice is sent to $id only if it takes one', ({ id, forcedToolChoice }) => {
  for (const tool_choice of [{ type: 'any' }, { type: 'tool', name: 'look' }]) {
    const force = () => toParams('Hi', { model: id, body: { tool_choice } })
    if (forcedToolChoice) expect(force().tool_choice).toEqual(tool_choice)
    else expect(force).toThrow(/tool_choice must be auto/)
  }
  expect(toParams('Hi', { model: id, body: { tool_choice: { type: 'auto' } } }).tool_choice).toEqual({ type: 'auto' })
})
