import { z } from 'zod'
import type { BetaFeature } from '../betas.ts'
import { cacheControlSchema, type Opens } from './block-schema.ts'
import { anyOfType, tagged } from './tagged.ts'

const customTool = {
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
}

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

/** Tools that a beta opens. */
const beta: [type: string, feature: BetaFeature][] = [
  ['mcp_toolset', 'mcp'],
  ['advisor_20260301', 'advisor'],
  ['bash_20241022', 'computer20241022'],
  ['computer_20241022', 'computer20241022'],
  ['text_editor_20241022', 'computer20241022'],
  ['computer_20250124', 'computer20250124'],
  ['computer_20251124', 'computer20251124'],
]

/** The tools of a request; those of a beta only where it is open. */
export function toolSchema(opens: Opens): z.ZodType {
  const custom = z.strictObject({ ...customTool, cache_control: cacheControlSchema(opens) })
  return tagged([custom, ...known, ...beta.filter(([, feature]) => opens(feature)).map(([type]) => anyOfType(type))])
}

const parallel = { disable_parallel_tool_use: z.boolean().optional() }

export const toolChoiceSchema = tagged([
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
  z.strictObject({ type: z.literal('none') }),
])
