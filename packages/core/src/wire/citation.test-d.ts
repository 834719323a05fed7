import type * as official from '@anthropic-ai/sdk/resources/messages/messages'
import { expectTypeOf, test } from 'vitest'
import type { Citation, CitationParam } from './index.ts'

type Arm<T, U> = U extends { type: T } ? U : never

test('every citation of an answer agrees, with the same fields', () => {
  expectTypeOf<{ [T in Citation['type']]: keyof Arm<T, Citation> }>().toEqualTypeOf<{
    [T in official.TextCitation['type']]: keyof Arm<T, official.TextCitation>
  }>()
  expectTypeOf<official.TextCitation>().toExtend<Citation>()
  expectTypeOf<Citation>().toExtend<official.TextCitation>()
})

test('every citation of a request agrees, with the same fields', () => {
  expectTypeOf<{ [T in CitationParam['type']]: keyof Arm<T, CitationParam> }>().toEqualTypeOf<{
    [T in official.TextCitationParam['type']]: keyof Arm<T, official.TextCitationParam>
  }>()
  expectTypeOf<official.TextCitationParam>().toExtend<CitationParam>()
  expectTypeOf<CitationParam>().toExtend<official.TextCitationParam>()
})
