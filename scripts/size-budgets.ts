/** A program whose bundle is measured. */
export interface SizeEntry {
  /** What the README calls it. */
  readonly name: string
  /** An ES module that imports and keeps no more than that use needs. */
  readonly code: string
  /** The workspace folder that has the imported packages among its dependencies. */
  readonly from: 'examples' | 'bench'
}

/** A program that may weigh no more than `maxBytes`, gzipped: what it weighs now and a little, raised only for what every use needs. */
export interface SizeBudget extends SizeEntry {
  readonly maxBytes: number
  /** What it is to weigh in the end. */
  readonly goalBytes: number
}

/** The minimal use of each layer. */
export const sizeBudgets: readonly SizeBudget[] = [
  {
    name: '`core`: `createClient` + `createMessage`',
    code: `export { createClient, createMessage } from '@enjamb/core'`,
    from: 'examples',
    maxBytes: 4560,
    goalBytes: 4300,
  },
  {
    name: '`stream`: `createSSEParser` alone',
    code: `export { createSSEParser } from '@enjamb/stream'`,
    from: 'examples',
    maxBytes: 1060,
    goalBytes: 1060,
  },
  {
    name: '`stream`: `streamMessage` with core',
    code: `export { createClient } from '@enjamb/core'; export { streamMessage } from '@enjamb/stream'`,
    from: 'examples',
    maxBytes: 8330,
    goalBytes: 8000,
  },
  {
    name: '`chat`: `createChat().collect` with all below it',
    code: `import { createChat } from '@enjamb/chat'; export const ask = (options, text) => createChat(options).collect(text)`,
    from: 'examples',
    maxBytes: 10460,
    goalBytes: 9400,
  },
  {
    name: '`tools`: `defineTool` + `runTools` on a JSON Schema, with all below it',
    code: `export { createClient } from '@enjamb/core'; export { defineTool, runTools } from '@enjamb/tools'`,
    from: 'examples',
    maxBytes: 14850,
    goalBytes: 13200,
  },
]

/** Other libraries doing the same, and less, measured in the same way in the same run. */
export const peers: readonly SizeEntry[] = [
  {
    name: '`@anthropic-ai/sdk`, as its guide shows it: `new Anthropic().messages.stream`',
    code: `import Anthropic from '@anthropic-ai/sdk'; export const stream = (params) => new Anthropic().messages.stream(params)`,
    from: 'bench',
  },
  {
    name: '`@anthropic-ai/sdk`, its smallest path: `new Messages(new BaseAnthropic()).stream`',
    code: `import { BaseAnthropic } from '@anthropic-ai/sdk/client'; import { Messages } from '@anthropic-ai/sdk/resources/messages'; export const stream = (params) => new Messages(new BaseAnthropic()).stream(params)`,
    from: 'bench',
  },
  {
    name: '`ai` 7 with `@ai-sdk/anthropic`: `streamText`',
    code: `import { anthropic } from '@ai-sdk/anthropic'; import { streamText } from 'ai'; export const stream = (prompt) => streamText({ model: anthropic('claude-haiku-4-5'), prompt })`,
    from: 'bench',
  },
  {
    name: 'by hand: `ky` 2 and `eventsource-parser` 4',
    code: `export { default as ky } from 'ky'; export { createParser } from 'eventsource-parser'`,
    from: 'bench',
  },
  {
    name: 'by hand: `ky` 1 and `eventsource-parser` 3, the last for Node 20',
    code: `export { default as ky } from 'ky-1'; export { createParser } from 'eventsource-parser-3'`,
    from: 'bench',
  },
  {
    name: '`eventsource-parser` 4: `createParser` alone',
    code: `export { createParser } from 'eventsource-parser'`,
    from: 'bench',
  },
]
