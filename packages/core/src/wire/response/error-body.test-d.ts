import type * as official from '@anthropic-ai/sdk/resources/shared'
import { expectTypeOf, test } from 'vitest'
import type { ErrorBody, ErrorDetails, ErrorType } from '../index.ts'

test('an official error body is one of ours', () => {
  expectTypeOf<official.ErrorResponse>().toExtend<ErrorBody>()
  expectTypeOf<official.ErrorDetails>().toExtend<ErrorDetails>()
})

// The official body lists fewer types than the official list of types does, and lacks `details`.
test('an error body of ours is an official one for every type that the official body lists', () => {
  type Listed = official.ErrorObject['type']
  type Ours = ErrorBody & { error: { type: Listed } }
  expectTypeOf<Ours['error']['type']>().toEqualTypeOf<Listed>()
  expectTypeOf<
    Pick<Ours, 'type' | 'request_id'> & { error: { type: Listed; message: string } }
  >().toExtend<official.ErrorResponse>()
  expectTypeOf<keyof ErrorBody>().toEqualTypeOf<keyof official.ErrorResponse>()
})

// The official list lacks `request_too_large`, which is what a 413 says.
test('every official error type is one of ours, and ours adds only request_too_large', () => {
  expectTypeOf<Exclude<ErrorType, 'request_too_large'>>().toEqualTypeOf<official.ErrorType>()
})
