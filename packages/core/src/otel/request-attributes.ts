import type { Attributes } from '@opentelemetry/api'
import type { OutgoingRequest } from '../client/middleware.ts'
import type { MessageParams } from '../wire/index.ts'
import { operationName } from './operation-name.ts'

/** What spans and metrics have in common, known before anything is sent. */
export function commonAttributes({ method, url, params }: OutgoingRequest, provider: string): Attributes {
  const { hostname, port, protocol, pathname } = new URL(url)
  const { model } = Object(params) as Partial<MessageParams>
  return given({
    'gen_ai.operation.name': operationName(method, pathname),
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'http:' ? 80 : 443),
  })
}

/** What else a span says of its request. */
export function requestAttributes({ params, attempt, project }: OutgoingRequest): Attributes {
  const { max_tokens, temperature, top_p, top_k, stop_sequences, output_config, stream } = Object(params) as Partial<
    MessageParams & { stream: boolean }
  >
  return given({
    'gen_ai.request.max_tokens': max_tokens,
    'gen_ai.request.temperature': temperature,
    'gen_ai.request.top_p': top_p,
    'gen_ai.request.top_k': top_k,
    'gen_ai.request.stop_sequences': stop_sequences,
    'gen_ai.request.stream': stream === true ? true : undefined,
    'gen_ai.output.type': output_config?.format ? 'json' : undefined,
    'http.request.resend_count': attempt || undefined,
    'enjamb.project': project,
  })
}

/** Without what is absent: an attribute of `undefined` is an attribute. */
export function given(attributes: Readonly<Record<string, unknown>>): Attributes {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(entries) as Attributes
}
