import type { Attributes } from '@opentelemetry/api'
import type { Run, RunTurn } from '../record/run/run.ts'

/** What each span of a session has. */
export function attributes(operation: string, provider: string, run: Run): Attributes {
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': provider,
    'gen_ai.conversation.id': run.id,
  }
}

/** What is said of a turn: who worked, with what, and what it came to. */
export function agentAttributes(provider: string, run: Run, turn: RunTurn, agent: string | undefined): Attributes {
  const { tokens, usage, cost } = turn.totals
  return {
    ...attributes('invoke_agent', provider, run),
    'gen_ai.request.model': run.params.model,
    'enjamb.turn.status': turn.status,
    ...(agent && { 'gen_ai.agent.name': agent }),
    ...(usage && {
      'gen_ai.usage.input_tokens': tokens.input + tokens.cacheWrite + tokens.cacheRead,
      'gen_ai.usage.output_tokens': tokens.output,
      'gen_ai.usage.cache_read.input_tokens': tokens.cacheRead,
      'gen_ai.usage.cache_creation.input_tokens': tokens.cacheWrite,
    }),
    ...(cost && { 'enjamb.cost_usd': cost.usd }),
  }
}
