import type { MessageParams } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'
import type { MockModel } from '../../models/mock-model.ts'

/**
 * What the model can write, what it can read, and what goes together.
 *
 * @throws {Rejection}
 */
export function checkLimits(
  params: MessageParams & { stream?: boolean },
  model: MockModel,
  tokens: number,
  betas: readonly string[],
): void {
  if (params.max_tokens > model.maxOutputTokens) {
    throw invalidRequest(
      `max_tokens: ${params.max_tokens} > ${model.maxOutputTokens}, which is the maximum allowed number of output tokens for ${params.model}`,
    )
  }
  if (params.max_tokens === 0) checkWarmUp(params)
  if (tokens > model.contextWindow) {
    throw invalidRequest(`prompt is too long: ${tokens} tokens > ${model.contextWindow} maximum`)
  }
  if (params.temperature !== undefined && params.top_p !== undefined) {
    throw invalidRequest('`temperature` and `top_p` cannot both be specified for this model. Please use only one.')
  }
  if (params.stop_sequences?.some((sequence) => sequence.trim() === '')) {
    throw invalidRequest('stop_sequences: each stop sequence must contain non-whitespace')
  }
  checkWhere(params, model, betas)
}

/** A request that only fills the cache asks for nothing that needs an answer. */
function checkWarmUp({ stream, output_config, thinking, tool_choice: choice }: MessageParams & { stream?: boolean }) {
  const asks = [
    stream && '`stream`',
    output_config?.format && '`output_config.format`',
    (choice?.type === 'any' || choice?.type === 'tool') && 'a forced `tool_choice`',
    thinking?.type === 'enabled' && '`thinking.type.enabled`',
  ].find(Boolean)
  if (asks) throw invalidRequest(`max_tokens: 0 is not supported together with ${asks}.`)
}

function checkWhere({ speed, inference_geo: geo }: MessageParams, model: MockModel, betas: readonly string[]): void {
  const beta = model.fastMode?.beta
  if (speed && beta && !betas.includes(beta)) throw invalidRequest('speed: Extra inputs are not permitted')
  if (speed === 'fast' && !model.fastMode) throw invalidRequest('speed: Fast mode is not supported for this model.')
  if (!geo) return
  if (!model.inferenceGeo) throw invalidRequest('inference_geo: This model does not support inference_geo.')
  if (geo !== 'us' && geo !== 'global') throw invalidRequest("inference_geo: Input should be 'us' or 'global'")
}

/**
 * What a batch does not take.
 *
 * @throws {Rejection}
 */
export function checkBatched({ max_tokens, speed }: MessageParams): void {
  if (max_tokens === 0) throw invalidRequest('max_tokens: 0 is not supported in message batches.')
  if (speed === 'fast') throw invalidRequest('speed: Fast mode is not supported in message batches.')
}
