import { Rejection } from '../errors/rejection.ts'
import type { OutgoingResponse } from '../http/outgoing-response.ts'
import { batchResults } from './batches/batch-results.ts'
import { cancelBatch, createBatch, deleteBatch, listBatches, retrieveBatch } from './batches/batch-routes.ts'
import { countTokensRoute } from './count-tokens-route.ts'
import type { OpenExchange } from './exchange.ts'
import { deleteFile, downloadFile, listFiles, retrieveFile, uploadFile } from './files/file-routes.ts'
import { messagesRoute } from './messages-route.ts'
import { listModels, retrieveModel } from './model-routes.ts'

interface Route {
  method: string
  /** With `*` in the place of an id. */
  path: string
  takesJSON: boolean
  run(exchange: OpenExchange): OutgoingResponse | Promise<OutgoingResponse>
}

const routes: Route[] = [
  { method: 'POST', path: '/v1/messages', takesJSON: true, run: messagesRoute },
  { method: 'POST', path: '/v1/messages/count_tokens', takesJSON: true, run: countTokensRoute },
  { method: 'POST', path: '/v1/messages/batches', takesJSON: true, run: createBatch },
  { method: 'GET', path: '/v1/messages/batches', takesJSON: false, run: listBatches },
  { method: 'GET', path: '/v1/messages/batches/*', takesJSON: false, run: retrieveBatch },
  { method: 'DELETE', path: '/v1/messages/batches/*', takesJSON: false, run: deleteBatch },
  { method: 'POST', path: '/v1/messages/batches/*/cancel', takesJSON: false, run: cancelBatch },
  { method: 'GET', path: '/v1/messages/batches/*/results', takesJSON: false, run: batchResults },
  { method: 'GET', path: '/v1/models', takesJSON: false, run: listModels },
  { method: 'GET', path: '/v1/models/*', takesJSON: false, run: retrieveModel },
  { method: 'POST', path: '/v1/files', takesJSON: false, run: uploadFile },
  { method: 'GET', path: '/v1/files', takesJSON: false, run: listFiles },
  { method: 'GET', path: '/v1/files/*', takesJSON: false, run: retrieveFile },
  { method: 'DELETE', path: '/v1/files/*', takesJSON: false, run: deleteFile },
  { method: 'GET', path: '/v1/files/*/content', takesJSON: false, run: downloadFile },
]

/** A route for a request, with the id that its path holds, if any. */
export interface FoundRoute {
  route: Route
  id: string
}

/** @throws {Rejection} 404 for an unknown path, 405 for a method that the path does not take */
export function findRoute(method: string, path: string): FoundRoute {
  const exact = routes.find((one) => one.method === method && one.path === path)
  if (exact) return { route: exact, id: '' }
  const here = routes.filter((route) => idIn(path, route) !== undefined)
  if (here.length === 0) throw new Rejection('Not Found', { type: 'not_found_error' })
  const route = here.find((one) => one.method === method)
  if (!route) throw new Rejection('Method Not Allowed', { status: 405, type: 'invalid_request_error' })
  return { route, id: idIn(path, route) ?? '' }
}

/** The part of a path in the place of the `*`; empty where a route has none; `undefined` where the path is another. */
function idIn(path: string, { path: pattern }: Route): string | undefined {
  if (path === pattern) return ''
  const [before = '', after] = pattern.split('*')
  if (after === undefined || !path.startsWith(before) || !path.endsWith(after)) return undefined
  const id = path.slice(before.length, path.length - after.length)
  // A fixed path with the same beginning is no id.
  if (id === '' || id.includes('/') || routes.some((route) => route.path === path)) return undefined
  try {
    return decodeURIComponent(id)
  } catch {
    return undefined
  }
}
