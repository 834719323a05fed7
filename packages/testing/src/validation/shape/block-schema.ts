import { z } from 'zod'
import type { BetaFeature } from '../betas.ts'
import { anyOfType, tagged } from './tagged.ts'

const idPattern = /^[a-zA-Z0-9_-]+$/
const anObject = z.record(z.string(), z.unknown())

/** Whether something that only a beta opens is open to a request. */
export type Opens = (feature: BetaFeature) => boolean

export function cacheControlSchema(opens: Opens): z.ZodType {
  const scope = opens('cacheScope') ? { scope: z.enum(['global', 'organization']).nullish() } : {}
  const ephemeral = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional(), ...scope })
  return tagged([ephemeral]).nullish()
}

export function textSchema(cacheable: { cache_control: z.ZodType }): z.ZodObject {
  return z.strictObject({
    type: z.literal('text'),
    text: z.string(),
    citations: z.array(z.looseObject({ type: z.string() })).nullish(),
    ...cacheable,
  })
}

const fromURL = z.strictObject({ type: z.literal('url'), url: z.string() })
const fromFile = z.strictObject({ type: z.literal('file'), file_id: z.string() })
const fromBase64 = (mediaTypes: [string, ...string[]]) =>
  z.strictObject({ type: z.literal('base64'), media_type: z.enum(mediaTypes), data: z.string() })

const served = [
  'web_search_tool_result',
  'web_fetch_tool_result',
  'code_execution_tool_result',
  'bash_code_execution_tool_result',
  'text_editor_code_execution_tool_result',
  'tool_search_tool_result',
  'container_upload',
].map(anyOfType)

/** Blocks that a beta opens. */
const beta: [type: string, feature: BetaFeature][] = [
  ['mcp_tool_use', 'mcp'],
  ['mcp_tool_result', 'mcp'],
  ['mcp_tool_listing', 'mcp'],
  ['advisor_tool_result', 'advisor'],
  ['compaction', 'compactionBlocks'],
  ['fallback', 'fallbacks'],
  ['tool_addition', 'toolChanges'],
  ['tool_removal', 'toolChanges'],
]

/** The blocks of a message; those of a beta only where it is open. */
export function blockSchema(opens: Opens): z.ZodType {
  const cacheable = { cache_control: cacheControlSchema(opens) }
  const textBlock = textSchema(cacheable)
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
    ...beta.filter(([, feature]) => opens(feature)).map(([type]) => anyOfType(type)),
  ])
}
