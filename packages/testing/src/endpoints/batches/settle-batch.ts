import { Rejection } from '../../errors/rejection.ts'
import { errorBody } from '../../http/error-response.ts'
import type { OpenExchange } from '../exchange.ts'
import { replyTo } from '../reply-to.ts'
import { type Batch, type BatchRequest, type BatchResult, day } from './batch.ts'

/** Works through a batch whose time has come, once: each request gets a turn of the script, in order. */
export async function settleBatch(batch: Batch, exchange: OpenExchange): Promise<void> {
  const { now } = exchange.state.options
  if (batch.cancelledAt !== undefined) {
    batch.results ??= batch.requests.map(({ custom_id }) => ({ custom_id, result: { type: 'canceled' } }))
  } else if (batch.endsAt > batch.createdAt + day) {
    if (now() < batch.createdAt + day) return
    batch.results ??= batch.requests.map(({ custom_id }) => ({ custom_id, result: { type: 'expired' } }))
  } else if (now() >= batch.endsAt) {
    batch.work ??= workThrough(batch.requests, exchange)
    batch.results = await batch.work
  }
}

async function workThrough(requests: BatchRequest[], exchange: OpenExchange): Promise<BatchResult[]> {
  const results: BatchResult[] = []
  for (const request of requests) results.push(await resultOf(request, exchange))
  return results
}

async function resultOf({ custom_id, params }: BatchRequest, exchange: OpenExchange): Promise<BatchResult> {
  try {
    const { message } = await replyTo(params, exchange, 'batch')
    if (!message) throw new Rejection('Internal server error', { type: 'api_error' })
    return { custom_id, result: { type: 'succeeded', message } }
  } catch (error) {
    const rejection = error instanceof Rejection ? error : new Rejection(String(error), { type: 'api_error' })
    return { custom_id, result: { type: 'errored', error: errorBody(rejection, exchange.requestId) } }
  }
}
