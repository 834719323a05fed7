import { Rejection } from '../rejection.ts'
import { countTokensRoute } from '../routes/count-tokens.ts'
import { messagesRoute } from '../routes/messages.ts'
import { listModelsRoute, retrieveModelRoute } from '../routes/models.ts'
import type { OpenExchange } from './exchange.ts'

export interface Route {
  method: string
  path: RegExp
  takesJSON: boolean
  run(exchange: OpenExchange): Response | Promise<Response>
}

const routes: Route[] = [
  { method: 'POST', path: /^\/v1\/messages$/, takesJSON: true, run: messagesRoute },
  { method: 'POST', path: /^\/v1\/messages\/count_tokens$/, takesJSON: true, run: countTokensRoute },
  { method: 'GET', path: /^\/v1\/models$/, takesJSON: false, run: listModelsRoute },
  { method: 'GET', path: /^\/v1\/models\/[^/]+$/, takesJSON: false, run: retrieveModelRoute },
]

/** @throws {Rejection} 404 for an unknown path, 405 for a method that the path does not take */
export function findRoute(method: string, path: string): Route {
  const here = routes.filter((route) => route.path.test(path))
  if (here.length === 0) throw new Rejection('Not Found', { type: 'not_found_error' })
  const route = here.find((one) => one.method === method)
  if (!route) throw new Rejection('Method Not Allowed', { status: 405, type: 'invalid_request_error' })
  return route
}
