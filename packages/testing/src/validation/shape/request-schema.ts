import { z } from 'zod'
import { isOpen } from '../betas.ts'
import { blockSchema, cacheControlSchema, type Opens, textSchema } from './block-schema.ts'
import { tagged } from './tagged.ts'
import { toolChoiceSchema, toolSchema } from './tool-schema.ts'

/** On what the shape of a body depends. */
export interface SchemaKind {
  endpoint: 'messages' | 'count_tokens'
  /** Whether the version of the API still takes `temperature`, `top_p` and `top_k`. */
  sampling: boolean
  /** The values of the beta header. */
  betas: readonly string[]
}

const mostKept = 50

// A text in place of an integer is called no integer, not no number.
const integer = z.int({
  error: ({ code }) => (code === 'invalid_type' ? 'Input should be a valid integer' : undefined),
})

const cache = new Map<string, z.ZodObject>()

/** The shape of a request's body. Rules between fields are not its business. */
export function requestSchema({ endpoint, sampling, betas }: SchemaKind): z.ZodObject {
  const key = `${endpoint} ${sampling} ${betas.join()}`
  const known = cache.get(key)
  if (known) return known
  const schema = z.strictObject(fields(endpoint, sampling, (feature) => isOpen(feature, betas)))
  if (cache.size >= mostKept) cache.clear()
  cache.set(key, schema)
  return schema
}

function fields(endpoint: SchemaKind['endpoint'], sampling: boolean, opens: Opens): z.ZodRawShape {
  const isMessage = endpoint === 'messages'
  return {
    model: z.string().min(1).max(256),
    ...(isMessage ? { max_tokens: integer.min(0) } : {}),
    ...promptFields(opens),
    ...(isMessage ? answerFields : {}),
    ...(sampling && isMessage ? samplingFields : {}),
    ...(opens('compaction')
      ? {
          compaction: z
            .strictObject({ type: z.literal('summarize') })
            .loose()
            .nullish(),
        }
      : {}),
    ...(opens('contextManagement') ? { context_management: z.looseObject({}).nullish() } : {}),
    ...(opens('fallbacks') ? { fallbacks: z.union([z.literal('default'), z.array(fallback)]).nullish() } : {}),
    ...(opens('fallbackCredit') ? { fallback_credit_token: z.union([z.string(), z.looseObject({})]).nullish() } : {}),
    ...(opens('mcp') ? { mcp_servers: z.array(z.looseObject({})).optional() } : {}),
    ...(opens('threads') ? { thread: z.looseObject({ type: z.string() }).nullish() } : {}),
    ...(opens('billingPolicy') ? { billing_policy: z.looseObject({ type: z.string() }).nullish() } : {}),
  }
}

const fallback = z.looseObject({ model: z.string().min(1) })

function thinkingSchema(opens: Opens): z.ZodType {
  const shown = {
    display: z
      .enum(opens('thinkingUpdates') ? ['summarized', 'omitted', 'updates'] : ['summarized', 'omitted'])
      .nullish(),
    ...(opens('thinkingBinding')
      ? {
          block_binding: z
            .strictObject({ prefix_mismatch_behavior: z.enum(['error', 'drop_block']).nullish() })
            .nullish(),
        }
      : {}),
  }
  return tagged([
    z.strictObject({ type: z.literal('enabled'), budget_tokens: integer.min(1024), ...shown }),
    z.strictObject({ type: z.literal('disabled') }),
    z.strictObject({ type: z.literal('adaptive'), ...shown }),
    z.strictObject({ type: z.literal('between_tools') }),
  ])
}

const effort = { effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish() }
const format = tagged([
  z.strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }),
]).nullish()

function promptFields(opens: Opens): z.ZodRawShape {
  const block = blockSchema(opens)
  const cacheControl = cacheControlSchema(opens)
  return {
    messages: z
      .array(
        z.strictObject({
          role: z.enum(['user', 'assistant', 'system']),
          // A system message may be there for its settings alone.
          content: opens('messageOutputConfig') ? contentOf(block).optional() : contentOf(block),
          ...(opens('messageOutputConfig') ? { output_config: z.strictObject(effort).nullish() } : {}),
          ...(opens('clearAt') ? { clear_at: z.enum(['next_user_message', 'never']).nullish() } : {}),
        }),
      )
      .max(100_000),
    system: contentOf(textSchema({ cache_control: cacheControl })).optional(),
    tools: z.array(toolSchema(opens)).optional(),
    tool_choice: toolChoiceSchema.optional(),
    thinking: thinkingSchema(opens).optional(),
    output_config: z
      .strictObject({ ...effort, format, ...(opens('taskBudget') ? { task_budget: z.looseObject({}).nullish() } : {}) })
      .optional(),
    ...(opens('outputFormat') ? { output_format: format } : {}),
    cache_control: cacheControl,
    speed: z.enum(['standard', 'fast']).nullish(),
  }
}

function contentOf(block: z.ZodType): z.ZodType {
  return z.union([z.string(), z.array(block)])
}

const answerFields = {
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.strictObject({ user_id: z.string().max(256).nullish() }).optional(),
  container: z.union([z.string(), z.looseObject({})]).nullish(),
  diagnostics: z.strictObject({ previous_message_id: z.string().nullish() }).nullish(),
  inference_geo: z.string().nullish(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
}

const samplingFields = {
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: integer.min(0).optional(),
}
