import { z } from 'zod'
import { anyOfType, tagged } from './tagged.ts'

const idPattern = /^[a-zA-Z0-9_-]+$/
const anObject = z.record(z.string(), z.unknown())

export const cacheControl = tagged([
  z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }),
]).nullish()

const cacheable = { cache_control: cacheControl }
const fromURL = z.strictObject({ type: z.literal('url'), url: z.string() })
const fromFile = z.strictObject({ type: z.literal('file'), file_id: z.string() })
const fromBase64 = (mediaTypes: [string, ...string[]]) =>
  z.strictObject({ type: z.literal('base64'), media_type: z.enum(mediaTypes), data: z.string() })

export const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  citations: z.array(z.looseObject({ type: z.string() })).nullish(),
  ...cacheable,
})

const imageBlock = z.strictObject({
  type: z.literal('image'),
  source: tagged([fromBase64(['image/jpeg', 'image/png', 'image/gif', 'image/webp']), fromURL, fromFile]),
  transformations: anObject.nullish(),
  ...cacheable,
})

const documentBlock = z.strictObject({
  type: z.literal('document'),
  source: tagged([
    fromBase64(['application/pdf']),
    z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
    z.strictObject({
      type: z.literal('content'),
      content: z.union([z.string(), z.array(tagged([textBlock, imageBlock]))]),
    }),
    fromURL,
    fromFile,
  ]),
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: z.strictObject({ enabled: z.boolean().optional() }).nullish(),
  ...cacheable,
})

const searchResultBlock = z.strictObject({
  type: z.literal('search_result'),
  content: z.array(textBlock),
  source: z.string(),
  title: z.string(),
  citations: z.strictObject({ enabled: z.boolean().optional() }).optional(),
  ...cacheable,
})

const toolUse = {
  id: z.string().regex(idPattern),
  name: z.string().min(1).max(200),
  input: anObject,
  caller: z.looseObject({ type: z.string() }).optional(),
  ...cacheable,
}

const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().regex(idPattern),
  content: z
    .union([
      z.string(),
      z.array(
        tagged([
          textBlock,
          imageBlock,
          searchResultBlock,
          documentBlock,
          anyOfType('tool_reference'),
          anyOfType('browser_state'),
        ]),
      ),
    ])
    .optional(),
  is_error: z.boolean().optional(),
  toolset_name: z.string().nullish(),
  ...cacheable,
})

const served = [
  'web_search_tool_result',
  'web_fetch_tool_result',
  'code_execution_tool_result',
  'bash_code_execution_tool_result',
  'text_editor_code_execution_tool_result',
  'tool_search_tool_result',
  'container_upload',
].map(anyOfType)

const beta = [
  'mcp_tool_use',
  'mcp_tool_result',
  'mcp_tool_listing',
  'advisor_tool_result',
  'compaction',
  'fallback',
  'tool_addition',
  'tool_removal',
].map(anyOfType)

/** The blocks of a message; those in beta only where a beta header came with the request. */
export function blockSchema(betas: boolean): z.ZodType {
  return tagged([
    textBlock,
    imageBlock,
    documentBlock,
    searchResultBlock,
    z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
    z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() }),
    z.strictObject({ type: z.literal('tool_use'), ...toolUse, toolset_name: z.string().nullish() }),
    toolResultBlock,
    z.strictObject({ type: z.literal('server_tool_use'), ...toolUse }),
    ...served,
    ...(betas ? beta : []),
  ])
}
