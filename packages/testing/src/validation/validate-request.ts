import type { MessageParams, SystemMessageParam } from '@enjamb/core'
import { invalidRequest, Rejection } from '../errors/rejection.ts'
import { currentVersion } from '../http/api-versions.ts'
import type { IncomingRequest } from '../http/incoming-request.ts'
import { findMockModel, type MockModel } from '../models/mock-model.ts'
import { type PromptSegment, promptSegments } from '../tokens/prompt-segments.ts'
import { betasOf } from './betas.ts'
import { checkImages } from './images/check-images.ts'
import { loadShapes } from './load-shapes.ts'
import { checkBetas } from './rules/check-betas.ts'
import { checkCacheControl } from './rules/check-cache-control.ts'
import { checkCitations } from './rules/check-citations.ts'
import { checkFallbacks } from './rules/check-fallbacks.ts'
import { checkFiles } from './rules/check-files.ts'
import { checkLimits } from './rules/check-limits.ts'
import { checkMessages } from './rules/check-messages.ts'
import { checkThinking } from './rules/check-thinking.ts'
import { checkThinkingBlocks, type DroppedThinking } from './rules/check-thinking-blocks.ts'
import { checkToolPairing } from './rules/check-tool-pairing.ts'
import { checkVersionRules } from './rules/check-version-rules.ts'
import { checkTools } from './tools/check-tools.ts'

export interface ValidRequest {
  params: MessageParams & { stream?: boolean }
  model: MockModel
  betas: readonly string[]
  /** The prompt, counted. */
  segments: PromptSegment[]
  inputTokens: number
  /** Thinking that no longer fits, and is left out as the request asks. */
  dropped: DroppedThinking[]
}

/** What a request may name. */
export interface Known {
  /** Besides the API's own. */
  models: readonly string[]
  /** Besides the API's own. */
  betas: readonly string[]
  hasFile(id: string): boolean
}

/**
 * A body that the API would accept, with its model: the shape first, then the rules between its parts.
 * To count tokens there is no `max_tokens`; the type stands for both.
 *
 * @throws {Rejection} with the first thing that is wrong, in the API's words
 */
export async function validateRequest(
  body: Record<string, unknown>,
  headers: IncomingRequest['headers'],
  endpoint: 'messages' | 'count_tokens',
  known: Known,
): Promise<ValidRequest> {
  const current = (headers['anthropic-version'] ?? '') >= currentVersion
  const betas = betasOf(headers['anthropic-beta'])
  const { findShapeProblem } = await loadShapes()
  checkBetas(betas, known.betas)
  const problem = findShapeProblem(body, { endpoint, sampling: !current, betas })
  if (problem !== undefined) throw invalidRequest(problem)
  const params = paramsOf(body)
  const model = findMockModel(params.model, known.models)
  if (!model) throw new Rejection(`model: ${params.model}`, { type: 'not_found_error' })
  checkMessages(params, model)
  if (current) checkVersionRules(params.messages)
  checkFallbacks(params.messages)
  checkToolPairing(params.messages)
  checkTools(params)
  checkCitations(params)
  checkCacheControl(params)
  checkThinking(params, model)
  const dropped = checkThinkingBlocks(params, model)
  checkImages(params, model)
  const segments = promptSegments(params)
  const inputTokens = segments.reduce((sum, { tokens }) => sum + tokens, 0)
  checkLimits(params, model, inputTokens, betas)
  checkFiles(params.messages, known.hasFile)
  return { params, model, betas, segments, inputTokens, dropped }
}

/** The body as all else reads it: the older name of the format means the same. */
function paramsOf(body: Record<string, unknown>): ValidRequest['params'] {
  const given = body as unknown as ValidRequest['params'] & { output_format?: unknown }
  const { output_format: format, ...rest } = given
  // A system message may be there for its settings alone.
  const isBare = rest.messages.some(({ content }) => content === undefined)
  if (isBare)
    rest.messages = rest.messages.map((message) =>
      message.content === undefined ? { ...(message as SystemMessageParam), content: [] } : message,
    )
  if (!format) return isBare ? rest : given
  return { ...rest, output_config: { ...rest.output_config, format } as NonNullable<MessageParams['output_config']> }
}
