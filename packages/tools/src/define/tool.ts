import type { Logger, Message, Middleware, ToolParam, ToolUnion } from '@enjamb/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'

/** A change of a file that is about to be made: its content before and after, `null` where there is no file. */
export interface FileChange {
  /** Absolute, links followed. */
  readonly path: string
  readonly before: Uint8Array | null
  readonly after: Uint8Array | null
}

/** What a tool's `run` is told about the call it serves. */
export interface ToolContext {
  /** Aborts when the run does and when the tool's time is up. Whatever `run` returns after that is dropped. */
  readonly signal: AbortSignal
  /** The id of the `tool_use` block: the same for a call that is asked for again after a crash. */
  readonly toolUseId: string
  /**
   * The same for each try of one call, also after a crash: pass it on to a service that does the same thing once for a key.
   * The id of the block, where the caller has none of its own.
   */
  readonly idempotencyKey: string
  /** The turn of the run that asked, from 1; 0 outside a run. */
  readonly turn: number
  /** The client's; silent where it has none, and outside a run. */
  readonly logger: Logger
  /** Shows something to whoever watches the run, as a `tool_progress` event; the model does not see it. */
  progress(data: unknown): void
  /**
   * Counts a reply that the call itself got from a model, in the usage and the cost of the run: of a sub-agent, or about
   * a page. Outside a run it does nothing; after its end it counts in the run's `usage`, and no more in its result.
   */
  spend(reply: Pick<Message, 'model' | 'usage'>): void
  /**
   * What the run may spend, if it has a budget: requests that the call makes itself go through its middleware, so that they,
   * too, are refused before they could break it.
   */
  readonly budget?: { readonly middleware: Middleware } | undefined
  /**
   * Says which file the call is about to change, and resolves when that is kept, so that a session can put the file back. To
   * be awaited before the change; if it rejects, the file stays as it is. Outside a session it does nothing.
   */
  checkpoint(change: FileChange): Promise<void>
}

/**
 * A tool that can be run; made by `defineTool`, or by hand where the definition comes from elsewhere (MCP, a tool that
 * the API defines and you run).
 */
export interface Tool<Input = unknown> {
  readonly name: string
  /** What the request says about it. */
  readonly definition: ToolUnion
  /** It changes nothing, so it may run beside others that change nothing. */
  readonly readOnly?: boolean | undefined
  /** Running it twice does the same as once, so an interrupted call may be run again. */
  readonly idempotent?: boolean | undefined
  /** It may run beside any other call. */
  readonly independent?: boolean | undefined
  /** Default 600,000; 0 means for ever. */
  readonly timeoutMs?: number | undefined
  /** How much text of a result reaches the model. Default 200,000; the rest is cut, and the model is told. */
  readonly maxResultChars?: number | undefined
  /** Checks what the model wrote, and makes of it what `run` gets. */
  validate(input: unknown): StandardSchemaV1.Result<Input> | Promise<StandardSchemaV1.Result<Input>>
  /**
   * What it returns becomes the result, what it throws one with `is_error`; see {@link ToolOptions.run}. Without it, whoever
   * holds the session gives the result.
   */
  run?(input: Input, context: ToolContext): unknown
}

/** What a tool list can hold: tools that run here, and server tools, which go into the request as they are. */
export type ToolEntry = Tool | Exclude<ToolUnion, ToolParam>
