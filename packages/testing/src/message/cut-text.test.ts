import type { ContentBlock } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { cutText } from './cut-text.ts'

const text = (words: string): ContentBlock => ({ type: 'text', text: words, citations: null })

describe('an answer', () => {
  it('is whole where it fits', () => {
    expect(cutText([text('12345678')], { max_tokens: 2 })).toBeUndefined()
  })

  it('ends at max_tokens, never inside a character', () => {
    expect(cutText([text('123456789')], { max_tokens: 2 })).toMatchObject({
      content: [{ text: '12345678' }],
      stopReason: 'max_tokens',
    })
    expect(cutText([text('1234567é9')], { max_tokens: 2 })).toMatchObject({ content: [{ text: '1234567' }] })
    expect(cutText([text('1234'), text('5678')], { max_tokens: 1 })).toMatchObject({ content: [{ text: '1234' }] })
  })

  it('ends before the first of its stop sequences', () => {
    expect(cutText([text('one STOP two END')], { max_tokens: 9, stop_sequences: ['END', 'STOP'] })).toEqual({
      content: [text('one ')],
      stopReason: 'stop_sequence',
      stopSequence: 'STOP',
    })
  })
})
