import { requestOptionNames } from '@enjamb/core'
import type { ChatOptions } from './chat-options.ts'

/** What every call takes: for functions beside the chat, which check the names of their own options. */
// By a call, as no bundler leaves out a spread that nobody needs.
export const chatOptionNames: readonly string[] = /* @__PURE__ */ requestOptionNames.concat([
  'model',
  'maxTokens',
  'system',
  'thinking',
  'display',
  'effort',
  'cache',
  'tools',
  'maxTurns',
  'temperature',
  'topP',
  'topK',
  'stopSequences',
  'metadata',
  'body',
] satisfies (keyof ChatOptions)[])
