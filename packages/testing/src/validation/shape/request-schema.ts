import { z } from 'zod'
import { blockSchema, cacheControl, textBlock } from './block-schema.ts'
import { tagged } from './tagged.ts'
import { toolChoiceSchema, toolSchema } from './tool-schema.ts'

/** On what the shape of a body depends. */
export interface SchemaKind {
  endpoint: 'messages' | 'count_tokens'
  /** Whether the version of the API still takes `temperature`, `top_p` and `top_k`. */
  sampling: boolean
  betas: boolean
}

// A text in place of an integer is called no integer, not no number.
const integer = z.int({
  error: ({ code }) => (code === 'invalid_type' ? 'Input should be a valid integer' : undefined),
})

const cache = new Map<string, z.ZodObject>()

/** The shape of a request's body. Rules between fields are not its business. */
export function requestSchema(kind: SchemaKind): z.ZodObject {
  const key = JSON.stringify([kind.endpoint, kind.sampling, kind.betas])
  const schema = cache.get(key) ?? z.strictObject(fields(kind))
  cache.set(key, schema)
  return schema
}

function fields({ endpoint, sampling, betas }: SchemaKind): z.ZodRawShape {
  return {
    model: z.string().min(1).max(256),
    ...(endpoint === 'messages' ? { max_tokens: integer.min(0) } : {}),
    ...promptFields(betas),
    ...(endpoint === 'messages' ? answerFields : {}),
    ...(sampling && endpoint === 'messages' ? samplingFields : {}),
    ...(betas ? betaFields : {}),
  }
}

const display = { display: z.enum(['summarized', 'omitted']).nullish() }

const thinking = tagged([
  z.strictObject({ type: z.literal('enabled'), budget_tokens: integer.min(1024), ...display }),
  z.strictObject({ type: z.literal('disabled') }),
  z.strictObject({ type: z.literal('adaptive'), ...display }),
  z.strictObject({ type: z.literal('between_tools') }),
])

function promptFields(betas: boolean): z.ZodRawShape {
  const block = blockSchema(betas)
  return {
    messages: z.array(
      z.strictObject({
        role: z.enum(['user', 'assistant', 'system']),
        content: z.union([z.string(), z.array(block)]),
      }),
    ),
    system: z.union([z.string(), z.array(textBlock)]).optional(),
    tools: z.array(toolSchema(betas)).optional(),
    tool_choice: toolChoiceSchema.optional(),
    thinking: thinking.optional(),
    output_config: z
      .strictObject({
        effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
        format: tagged([
          z.strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }),
        ]).nullish(),
        ...(betas ? { task_budget: z.unknown().optional() } : {}),
      })
      .optional(),
    cache_control: cacheControl,
    speed: z.enum(['standard', 'fast']).nullish(),
  }
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

const betaFields = {
  compaction: z.unknown().optional(),
  context_management: z.unknown().optional(),
  fallbacks: z.unknown().optional(),
  mcp_servers: z.unknown().optional(),
  thread: z.unknown().optional(),
}
