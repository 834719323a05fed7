import type Anthropic from '@anthropic-ai/sdk'
import { expectTypeOf, test } from 'vitest'
import {
  type BatchCreateParams,
  batchResults,
  type Client,
  cancelBatch,
  checkHealth,
  createBatch,
  type DeletedFile,
  type DeletedMessageBatch,
  deleteBatch,
  deleteFile,
  downloadFile,
  type FileMetadata,
  type FileResponse,
  type Health,
  listBatches,
  listFiles,
  listModels,
  type MessageBatch,
  type MessageBatchIndividualResponse,
  type ModelInfo,
  type RequestOptions,
  retrieveBatch,
  retrieveFile,
  retrieveModel,
  selectModel,
  uploadFile,
} from '../index.ts'

declare const client: Client
declare const official: Anthropic

test('every endpoint promises what the official client promises', async () => {
  expectTypeOf(retrieveModel(client, 'id')).resolves.toEqualTypeOf<ModelInfo>()
  expectTypeOf(retrieveModel(client, 'id')).resolves.toExtend<Awaited<ReturnType<typeof official.models.retrieve>>>()
  expectTypeOf(createBatch).returns.resolves.toEqualTypeOf<MessageBatch>()
  expectTypeOf(retrieveBatch(client, 'id')).resolves.toEqualTypeOf<MessageBatch>()
  expectTypeOf(cancelBatch(client, 'id')).resolves.toEqualTypeOf<MessageBatch>()
  expectTypeOf(deleteBatch(client, 'id')).resolves.toEqualTypeOf<DeletedMessageBatch>()
  expectTypeOf(uploadFile(client, { file: new Blob() })).resolves.toEqualTypeOf<FileMetadata>()
  expectTypeOf(retrieveFile(client, 'id')).resolves.toEqualTypeOf<FileMetadata>()
  expectTypeOf(deleteFile(client, 'id')).resolves.toEqualTypeOf<DeletedFile>()
})

test('lists and results are loops over items', () => {
  expectTypeOf(listModels(client)).toEqualTypeOf<AsyncGenerator<ModelInfo, void, undefined>>()
  listModels(client, { lifecycle: ['retired'], limit: 5 })
  expectTypeOf(listBatches(client, { after_id: 'id' })).toEqualTypeOf<AsyncGenerator<MessageBatch, void, undefined>>()
  expectTypeOf(listFiles(client, { ids: ['id'], page: null })).toEqualTypeOf<
    AsyncGenerator<FileMetadata, void, undefined>
  >()
  expectTypeOf(batchResults(client, 'id')).toEqualTypeOf<
    AsyncGenerator<MessageBatchIndividualResponse, void, undefined>
  >()
  // @ts-expect-error files have pages and no ids to begin after
  listFiles(client, { after_id: 'id' })
})

test('a result says which kind it is before its message can be had', () => {
  const { result } = {} as MessageBatchIndividualResponse
  // @ts-expect-error not every result has one
  result.message
  if (result.type === 'succeeded') expectTypeOf(result.message.content).toBeArray()
  if (result.type === 'errored') expectTypeOf(result.error.error.message).toBeString()
})

test('a batch takes the parameters of messages, and no stream', () => {
  const params = { model: 'claude-haiku-4-5', max_tokens: 5, messages: [] }
  expectTypeOf({ requests: [{ custom_id: 'a', params }] }).toExtend<BatchCreateParams>()
  // @ts-expect-error a batch takes no stream
  createBatch(client, { requests: [{ custom_id: 'a', params: { ...params, stream: true } }] })
})

test('a download is a response that has a body', () => {
  expectTypeOf(downloadFile(client, 'id')).resolves.toEqualTypeOf<FileResponse>()
  expectTypeOf<FileResponse>().toExtend<Response>()
  expectTypeOf<FileResponse['body']>().toExtend<ReadableStream<Uint8Array>>()
})

test('an upload takes what a browser or a disk gives', () => {
  uploadFile(client, { file: new File([], 'a'), expires_in_seconds: 3_600, filename: undefined })
  // @ts-expect-error a path is no file
  uploadFile(client, { file: 'path' })
})

test('health is plain data', () => {
  expectTypeOf(checkHealth(client)).resolves.toEqualTypeOf<Health>()
  expectTypeOf<Health['status']>().toEqualTypeOf<'ok' | 'degraded' | 'down'>()
  expectTypeOf(checkHealth).parameter(1).toEqualTypeOf<RequestOptions | undefined>()
})

test('a model is selected for a text or for messages', () => {
  expectTypeOf(selectModel('x', { remaining: undefined })).toBeString()
  selectModel([{ role: 'user', content: 'x' }] as const)
})
