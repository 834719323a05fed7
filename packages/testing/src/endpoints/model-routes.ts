import { Rejection } from '../errors/rejection.ts'
import { jsonResponse } from '../http/json-response.ts'
import type { OutgoingResponse } from '../http/outgoing-response.ts'
import { paginate } from '../http/paginate.ts'
import { findMockModel, type MockModel, mockModels } from '../models/mock-model.ts'
import type { OpenExchange } from './exchange.ts'

/** `GET /v1/models`: the newest first, in pages. */
export function listModels({ request, headers }: OpenExchange): OutgoingResponse {
  return jsonResponse(paginate(mockModels.map(modelInfo), new URLSearchParams(request.query)), headers)
}

/** `GET /v1/models/{id}`: an alias gives its model. */
export function retrieveModel({ id, headers, state }: OpenExchange): OutgoingResponse {
  const model = findMockModel(id, state.options.models)
  if (!model) throw new Rejection(`model: ${id}`, { type: 'not_found_error' })
  return jsonResponse(modelInfo(model), headers)
}

function modelInfo(model: MockModel) {
  return {
    type: 'model',
    id: model.id,
    display_name: model.displayName,
    created_at: model.createdAt,
    line: model.id.split('-')[1] ?? null,
    lifecycle: 'active',
    deprecated_at: null,
    retires_at: null,
    max_input_tokens: model.contextWindow,
    max_tokens: model.maxOutputTokens,
    capabilities: null,
  }
}
