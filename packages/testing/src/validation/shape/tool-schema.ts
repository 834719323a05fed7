import { z } from 'zod'
import { cacheControl } from './block-schema.ts'
import { anyOfType, tagged } from './tagged.ts'

const customTool = z.strictObject({
  type: z.literal('custom').nullish(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  input_schema: z.looseObject({
    type: z.literal('object'),
    properties: z.record(z.string(), z.unknown()).nullish(),
    required: z.array(z.string()).nullish(),
  }),
  strict: z.boolean().optional(),
  defer_loading: z.boolean().optional(),
  eager_input_streaming: z.boolean().nullish(),
  input_examples: z.array(z.record(z.string(), z.unknown())).optional(),
  allowed_callers: z.array(z.string()).optional(),
  cache_control: cacheControl,
})

const known = [
  'bash_20250124',
  'text_editor_20250124',
  'text_editor_20250429',
  'text_editor_20250728',
  'memory_20250818',
  'browser_toolset_20260801',
  'computer_toolset_20260801',
  'code_execution_20250522',
  'code_execution_20250825',
  'code_execution_20260120',
  'code_execution_20260521',
  'web_search_20250305',
  'web_search_20260209',
  'web_search_20260318',
  'web_fetch_20250910',
  'web_fetch_20260209',
  'web_fetch_20260309',
  'web_fetch_20260318',
  'tool_search_tool_bm25',
  'tool_search_tool_bm25_20251119',
  'tool_search_tool_regex',
  'tool_search_tool_regex_20251119',
].map(anyOfType)

const beta = ['mcp_toolset', 'advisor_20260301', 'computer_20250124', 'computer_20251124'].map(anyOfType)

/** The tools of a request; those in beta only where a beta header came with it. */
export function toolSchema(betas: boolean): z.ZodType {
  return tagged([customTool, ...known, ...(betas ? beta : [])])
}

const parallel = { disable_parallel_tool_use: z.boolean().optional() }

export const toolChoiceSchema = tagged([
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
  z.strictObject({ type: z.literal('none') }),
])
