import type { OutputSchema } from '@enjamb/chat'
import type { Decision } from '../session/session.ts'
import type { TaskEvent } from './task-event.ts'
import type { TaskResult } from './task-result.ts'

/** What a task takes beside its description. */
export interface TaskOptions<Schema extends OutputSchema = OutputSchema> {
  /**
   * Of the task and of its session. With the id of one that a crash has cut off, or that waited, it goes on; of one that has
   * ended, the result is given again. Default a new one.
   */
  id?: string | undefined
  /** Names of those of the agent's tools that it has, with `*` for any characters. Default all. */
  allowTools?: readonly string[] | undefined
  /** Names of the sub-agents that it may ask; `general` is always among those that there are. Default those of the agent. */
  allowAgents?: readonly string[] | undefined
  /** Names of the skills that it may use. Default all. */
  allowSkills?: readonly string[] | undefined
  /** For all of it: what has no result by then is stopped, and the result says `timeout`. Default none. */
  timeoutMs?: number | undefined
  /**
   * In dollars, for all of it: sub-agents, compaction, searches and retries, too. Before each request its worst case is set
   * aside. What would not fit with the agent's `maxTokens` is sent with a lower `max_tokens`, so that it does: never below
   * 1,024 (and 1,024 for thoughts, where the model thinks by a budget). One that could break the cap even so is not made, and one that
   * is cut off there is the last: the result says `over_budget`. When 80 % are spent, or the prompt
   * is so long that few more fit, the model is told. Default none.
   */
  maxCost?: number | undefined
  /** What it has to know: text, or anything that can be written as JSON. */
  context?: unknown
  /** Stops it; the result says `aborted`. */
  signal?: AbortSignal | undefined
  /** What its answer has to fit, for a typed `result.value`: a schema of zod, valibot or arktype, or a JSON Schema. */
  schema?: Schema | undefined
  /** What somebody said to the calls that it waits for, by their ids: with the `id` of a task that did. */
  decisions?: { readonly [callId: string]: Decision } | undefined
}

/**
 * An aim that an agent works at. Nothing is sent before somebody reads it; from then on it goes on to its end, whoever still
 * reads. It always has a result.
 */
export interface Task<T = unknown> extends AsyncIterable<TaskEvent<T>> {
  readonly id: string
  /** Works to the end; may be called beside a loop, or after it. It does not reject. */
  final(): Promise<TaskResult<T>>
  /** Stops it, and resolves when it has its result. */
  abort(reason?: unknown): Promise<TaskResult<T>>
}
