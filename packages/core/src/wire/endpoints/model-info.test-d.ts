import type * as official from '@anthropic-ai/sdk/resources/models'
import { expectTypeOf, test } from 'vitest'
import type { ModelInfo, ModelListParams } from '../index.ts'

test('a model agrees in every field, in both directions', () => {
  expectTypeOf<official.ModelInfo>().toExtend<ModelInfo>()
  expectTypeOf<ModelInfo>().toExtend<official.ModelInfo>()
  expectTypeOf<keyof ModelInfo>().toEqualTypeOf<keyof official.ModelInfo>()
})

test('its capabilities agree in every field', () => {
  type Ours = NonNullable<ModelInfo['capabilities']>
  type Theirs = NonNullable<official.ModelInfo['capabilities']>
  expectTypeOf<{ [K in keyof Ours]: keyof Ours[K] }>().toEqualTypeOf<{ [K in keyof Theirs]: keyof Theirs[K] }>()
  expectTypeOf<keyof Ours['thinking']['types']>().toEqualTypeOf<keyof Theirs['thinking']['types']>()
})

test('a list of models is asked for in the same way', () => {
  expectTypeOf<Pick<ModelListParams, keyof ModelListParams>>().toEqualTypeOf<
    Omit<official.ModelListParams, 'workspace_id'>
  >()
})
