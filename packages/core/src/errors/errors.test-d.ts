import { expectTypeOf, test } from 'vitest'
import {
  APIError,
  apiErrorFromBody,
  apiErrorFromEvent,
  BudgetExceededError,
  ConfigError,
  EnjambError,
  type ErrorCode,
  type ErrorJSON,
  errorFromJSON,
  errorToJSON,
  isEnjambError,
  MaxOutputTokensError,
  type Message,
  type OverloadedError,
  type RateLimitError,
  type ServerError,
  StreamInterruptedError,
} from '../index.ts'

test('isEnjambError narrows what was caught', () => {
  const caught: unknown = new Error()
  if (!isEnjambError(caught)) return
  expectTypeOf(caught).toEqualTypeOf<EnjambError>()
  expectTypeOf(caught.code).toEqualTypeOf<ErrorCode>()
  expectTypeOf(caught.retryable).toEqualTypeOf<boolean>()
  expectTypeOf(caught.partial).toEqualTypeOf<Message | undefined>()
})

test('an answer is an APIError with what it came with', () => {
  expectTypeOf(apiErrorFromBody).parameters.toEqualTypeOf<
    [text: string, status: number, headers?: Headers | undefined]
  >()
  expectTypeOf(apiErrorFromBody).returns.toEqualTypeOf<APIError>()
  expectTypeOf(apiErrorFromEvent).returns.toEqualTypeOf<APIError>()
  expectTypeOf<RateLimitError['resetsAt']>().toEqualTypeOf<Date | undefined>()
  expectTypeOf<APIError['status']>().toEqualTypeOf<number>()
  expectTypeOf<OverloadedError>().toExtend<ServerError>()
  expectTypeOf<ServerError>().toExtend<APIError>()
})

test('fields that an error is about are asked for', () => {
  new ConfigError('message')
  new ConfigError('message', { cause: 'anything' })
  new EnjambError('message')
  // @ts-expect-error status
  new APIError('message', {})
  // @ts-expect-error partial
  new StreamInterruptedError('message', {})
  // @ts-expect-error partial
  new MaxOutputTokensError('message')
  // @ts-expect-error limit, remaining, project
  new BudgetExceededError('message', { estimatedCost: 1 })
  expectTypeOf<StreamInterruptedError['partial']>().toEqualTypeOf<Message>()
})

test('an error goes to JSON and comes back', () => {
  expectTypeOf(errorToJSON).parameter(0).toEqualTypeOf<unknown>()
  expectTypeOf(errorToJSON).returns.toEqualTypeOf<ErrorJSON>()
  expectTypeOf(errorFromJSON).returns.toEqualTypeOf<Error>()
})
