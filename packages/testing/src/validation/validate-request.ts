import type { MessageParams } from '@enjamb/core'
import { invalidRequest, Rejection } from '../errors/rejection.ts'
import { currentVersion } from '../http/api-versions.ts'
import { findMockModel, type MockModel } from '../models/mock-model.ts'
import { checkCacheControl } from './rules/check-cache-control.ts'
import { checkFiles } from './rules/check-files.ts'
import { checkLimits, checkTools } from './rules/check-limits.ts'
import { checkMessages } from './rules/check-messages.ts'
import { checkThinking } from './rules/check-thinking.ts'
import { checkToolPairing } from './rules/check-tool-pairing.ts'
import { checkVersionRules } from './rules/check-version-rules.ts'
import { requestSchema, type SchemaKind } from './shape/request-schema.ts'
import { eachIssue, wordIssue } from './shape/word-issue.ts'

export interface ValidRequest {
  params: MessageParams & { stream?: boolean }
  model: MockModel
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
export function validateRequest(
  body: Record<string, unknown>,
  headers: Headers,
  endpoint: SchemaKind['endpoint'],
  known: Known,
): ValidRequest {
  const current = (headers.get('anthropic-version') ?? '') >= currentVersion
  const betas = (headers.get('anthropic-beta') ?? '').trim() !== ''
  const { error } = requestSchema({ endpoint, sampling: !current, betas }).safeParse(body)
  // Betas add fields in many places; at the top only are they known one by one.
  const issue = eachIssue(error?.issues ?? [], body).find(
    ({ code, path }) => !(betas && code === 'unrecognized_keys' && path.length > 0),
  )
  if (issue) throw invalidRequest(wordIssue(issue, body))
  const params = body as unknown as ValidRequest['params']
  const model = findMockModel(params.model, known.models)
  if (!model) throw new Rejection(`model: ${params.model}`, { type: 'not_found_error' })
  checkMessages(params, model)
  if (current) checkVersionRules(params.messages)
  checkToolPairing(params.messages)
  checkTools(params)
  checkCacheControl(params)
  checkThinking(params, model)
  checkLimits(params, model)
  checkFiles(params.messages, known.hasFile)
  return { params, model }
}
