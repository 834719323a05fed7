import type { Effort, ModelAlias, ModelId, RequestOptions, ThinkingDisplay } from '@enjamb/core'
import type { ChatToolset } from '../toolset.ts'

/**
 * What every call takes, and what `createChat` takes as defaults for all of them. A default that the model of a call cannot
 * fulfil, such as an effort that it does not know, is left out; what the call itself asks for is refused.
 */
export interface ChatDefaults {
  /** A model id, or an alias (`haiku`, `sonnet`, `opus`, `fable`) for the newest of its family. Default `sonnet`. */
  model?: ModelAlias | ModelId | undefined
  /** The most tokens to write, thinking included. Default 8,192. */
  maxTokens?: number | undefined
  system?: string | undefined
  /**
   * `true` lets the model think before it answers, in the style that the model knows: as much as it sees fit, or on
   * older models up to `maxTokens`, which is then to be above 1,024. `budgetTokens` sets a limit, on models that take
   * one. `false` says not to think; what Opus 5.5, Fable and Mythos cannot do: there `effort: 'low'` thinks least.
   */
  thinking?: boolean | { budgetTokens: number } | undefined
  /**
   * How a thinking model's thoughts come: current models leave them out unless `summarized` is asked for. `updates` is a
   * beta, `thinking-display-updates-2026-08-18`.
   */
  display?: ThinkingDisplay | 'updates' | undefined
  /** How much work an answer is worth; `findModel(model)?.effort` has what a model takes. */
  effort?: Effort | undefined
  /** Caches the prompt up to its end, for 5 minutes (`true`) or as long as said. */
  cache?: boolean | '5m' | '1h' | undefined
}

/** What a single call takes beside its input. */
export interface ChatOptions extends ChatDefaults, RequestOptions {
  /** Tools that the model may use, as `toolset()` of `@enjamb/tools` has them: they run, and the answer is the last. */
  tools?: ChatToolset | undefined
  /** With tools: how many requests there may be; beyond them it ends with a `TurnLimitError`. Default 100. */
  maxTurns?: number | undefined
  /** Sampling: only with `apiVersion: '2023-06-01'`. */
  temperature?: number | undefined
  topP?: number | undefined
  topK?: number | undefined
  stopSequences?: string[] | undefined
  /** `userId`: whom the call is made for, an opaque id; it helps the API to detect abuse. */
  metadata?: { userId: string } | undefined
  /**
   * Further fields of the request, under the API's own names; they win over everything else here.
   */
  body?: Record<string, unknown> | undefined
}

export const chatDefaults = { model: 'sonnet', maxTokens: 8_192 }
