import type { MessageParams } from '@enjamb/core'
import { invalidRequest, Rejection } from '../errors/rejection.ts'
import { currentVersion } from '../http/api-versions.ts'
import type { IncomingRequest } from '../http/incoming-request.ts'
import { findMockModel, type MockModel } from '../models/mock-model.ts'
import { type PromptSegment, promptSegments } from '../tokens/prompt-segments.ts'
import { loadShapes } from './load-shapes.ts'
import { checkCacheControl } from './rules/check-cache-control.ts'
import { checkFiles } from './rules/check-files.ts'
import { checkLimits, checkTools } from './rules/check-limits.ts'
import { checkMessages } from './rules/check-messages.ts'
import { checkThinking } from './rules/check-thinking.ts'
import { checkToolPairing } from './rules/check-tool-pairing.ts'
import { checkVersionRules } from './rules/check-version-rules.ts'

export interface ValidRequest {
  params: MessageParams & { stream?: boolean }
  model: MockModel
  /** The prompt, counted. */
  segments: PromptSegment[]
  inputTokens: number
}

/** What a request may name. */
export interface Known {
  /** Besides the API's own. */
  models: readonly string[] | undefined
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
  const betas = (headers['anthropic-beta'] ?? '').trim() !== ''
  const { findShapeProblem } = await loadShapes()
  const problem = findShapeProblem(body, { endpoint, sampling: !current, betas })
  if (problem !== undefined) throw invalidRequest(problem)
  const params = body as unknown as ValidRequest['params']
  const model = findMockModel(params.model, known.models)
  if (!model) throw new Rejection(`model: ${params.model}`, { type: 'not_found_error' })
  checkMessages(params, model)
  if (current) checkVersionRules(params.messages)
  checkToolPairing(params.messages)
  checkTools(params)
  checkCacheControl(params)
  checkThinking(params, model)
  const segments = promptSegments(params)
  const inputTokens = segments.reduce((sum, { tokens }) => sum + tokens, 0)
  checkLimits(params, model, inputTokens)
  checkFiles(params.messages, known.hasFile)
  return { params, model, segments, inputTokens }
}
