import type * as official from '@anthropic-ai/sdk/resources/messages/batches'
import { expectTypeOf, test } from 'vitest'
import type {
  BatchCreateParams,
  BatchListParams,
  BatchRequest,
  BetaMessageParams,
  DeletedMessageBatch,
  MessageBatch,
  MessageBatchIndividualResponse,
  MessageBatchResult,
} from '../index.ts'

// Sent as headers by the official client, though it takes them beside the body's fields.
type HeaderParams = 'user_profile_id' | 'workspace_id'

test('a batch agrees in every field', () => {
  expectTypeOf<MessageBatch>().toEqualTypeOf<official.MessageBatch>()
  expectTypeOf<DeletedMessageBatch>().toEqualTypeOf<official.DeletedMessageBatch>()
})

test('an official batch request is one of ours, and ours without sampling is an official one', () => {
  expectTypeOf<Pick<official.BatchCreateParams, 'requests'>['requests'][number]['custom_id']>().toEqualTypeOf<
    BatchRequest['custom_id']
  >()
  type Request = official.BatchCreateParams['requests'][number]
  expectTypeOf<Omit<Request['params'], 'stream'>>().toExtend<BatchRequest['params']>()
  type Sampling = 'temperature' | 'top_p' | 'top_k'
  type BetaToo = 'messages' | 'output_config' | 'tools'
  expectTypeOf<Omit<BatchRequest['params'], Sampling | BetaToo | keyof BetaMessageParams>>().toExtend<
    Omit<Request['params'], BetaToo>
  >()
  expectTypeOf<keyof BatchCreateParams>().toEqualTypeOf<Exclude<keyof official.BatchCreateParams, HeaderParams>>()
})

test('a list of batches is asked for in the same way', () => {
  expectTypeOf<Omit<official.BatchListParams, HeaderParams>>().toEqualTypeOf<
    Pick<BatchListParams, keyof BatchListParams>
  >()
})

test('every result of a batch has an arm of the same fields', () => {
  expectTypeOf<MessageBatchResult['type']>().toEqualTypeOf<official.MessageBatchResult['type']>()
  type Arm<T, U> = U extends { type: T } ? U : never
  expectTypeOf<{ [T in MessageBatchResult['type']]: keyof Arm<T, MessageBatchResult> }>().toEqualTypeOf<{
    [T in MessageBatchResult['type']]: keyof Arm<T, official.MessageBatchResult>
  }>()
  expectTypeOf<official.MessageBatchIndividualResponse>().toExtend<MessageBatchIndividualResponse>()
  // The official error body lists fewer types than there are; see error-body.test-d.ts.
  type WithoutErrors = Exclude<MessageBatchResult, { type: 'errored' }>
  expectTypeOf<WithoutErrors>().toExtend<official.MessageBatchResult>()
  expectTypeOf<keyof MessageBatchIndividualResponse>().toEqualTypeOf<keyof official.MessageBatchIndividualResponse>()
})
