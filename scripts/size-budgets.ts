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
  /** What the design set out for. */
  readonly goalBytes: number
}

/** The minimal use of each layer. */
export const sizeBudgets: readonly SizeBudget[] = [
  {
    name: '`core`: `createClient` + `createMessage`',
    code: `export { createClient, createMessage } from '@enjamb/core'`,
    from: 'examples',
    maxBytes: 4500,
    goalBytes: 3000,
  },
  {
    name: '`stream`: `createSSEParser` alone',
    code: `export { createSSEParser } from '@enjamb/stream'`,
    from: 'examples',
    maxBytes: 1100,
    goalBytes: 1000,
  },
  {
    name: '`stream`: `streamMessage` with core',
    code: `export { createClient } from '@enjamb/core'; export { streamMessage } from '@enjamb/stream'`,
    from: 'examples',
    maxBytes: 9150,
    goalBytes: 4500,
  },
  {
    name: '`chat`: `createChat().collect` with all below it',
    code: `import { createChat } from '@enjamb/chat'; export const ask = (options, text) => createChat(options).collect(text)`,
    from: 'examples',
    maxBytes: 11100,
    goalBytes: 5000,
  },
  {
    name: '`tools`: `defineTool` + `runTools` on a JSON Schema, with all below it',
    code: `export { createClient } from '@enjamb/core'; export { defineTool, runTools } from '@enjamb/tools'`,
    from: 'examples',
    maxBytes: 14950,
    goalBytes: 7500,
  },
]

/** Other libraries doing the same, measured in the same way in the same run. */
export const peers: readonly SizeEntry[] = [
  {
    name: '`@anthropic-ai/sdk`: `messages.stream`',
    code: `import Anthropic from '@anthropic-ai/sdk'; export const stream = (params) => new Anthropic().messages.stream(params)`,
    from: 'bench',
  },
  {
    name: '`eventsource-parser`: `createParser` alone',
    code: `export { createParser } from 'eventsource-parser'`,
    from: 'bench',
  },
]
