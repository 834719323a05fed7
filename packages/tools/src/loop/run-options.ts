import type {
  Client,
  costOf,
  Message,
  MessageParam,
  MessageParams,
  Middleware,
  RequestOptions,
  StreamEvent,
  ToolResultBlockParam,
  ToolUseBlock,
} from '@enjamb/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { CallOptions } from '../call/call-tool.ts'
import type { ToolTable } from '../call/tool-table.ts'
import type { FileChange, Tool, ToolEntry } from '../define/tool.ts'
import type { PermissionContext } from '../permissions/permission.ts'
import type { Thread } from './layers/create-thread.ts'
import type { ToolRunResult } from './tool-run.ts'
import type { ToolRunEvent } from './tool-run-event.ts'

/** The parameters of a request, with tools that run in place of their definitions. */
export interface RunParams extends Omit<MessageParams, 'tools'> {
  /** Tools of your own and server tools, or a toolset. */
  tools: readonly ToolEntry[] | ToolTable
}

/** Options of {@link runTools}, beside those of its requests. */
export interface RunOptions extends RequestOptions {
  /** Requests to the model; beyond them the run ends with a `TurnLimitError`. Default 100. */
  maxTurns?: number | undefined
  /** Tools at work at the same time. Default 10. */
  concurrency?: number | undefined
  /**
   * Decides about each call just before it starts, inside of `aroundCall`: what is remembered is not asked about again.
   * Default: every call is made.
   *
   * @see {@link withPermission}
   */
  permission?: AroundCall | undefined
  /**
   * Has the server hold the conversation, so that each request says only what is new; by default each says all of it.
   * Not beside a budget: nobody but the server knows then how long the prompt is.
   *
   * @see {@link createThread}
   */
  thread?: Thread | undefined
  /**
   * A usage meter, as `createUsageMeter` of `@enjamb/core` makes one: it reserves every request's worst case before it is
   * sent, and ends the run with a `BudgetExceededError` where a budget could break. Not needed for one that the client
   * has among its middleware.
   */
  budget?: { readonly middleware: Middleware } | undefined
  /** How a request is made: with `wholeMessage` replies are not streamed, and calls begin when all is there. */
  ask?: Ask | undefined
  /** Prices the replies for the result's `cost`: pass `costOf` of `@enjamb/core`. Without it no price is bundled. */
  costOf?: typeof costOf | undefined
  /**
   * Gets every event just before the readers do. What it throws ends the run. A promise of its is not waited for; one that
   * is rejected while the run lasts ends it, too.
   */
  onEvent?: ((event: ToolRunEvent) => void | Promise<void>) | undefined
  /**
   * Gets each change of a file that a call is about to make; the call waits for it. What it throws makes the call fail, and
   * the file stays as it is.
   */
  onCheckpoint?: ((change: FileChange, call: ToolUseBlock) => void | Promise<void>) | undefined
  /** Gets each reply that a tool's call got from a model, besides its being counted; when the run is over, too. */
  onSpend?: ((reply: Pick<Message, 'model' | 'usage'>, call: ToolUseBlock) => void) | undefined
  /**
   * Stands around every call: `run` makes it, and what is returned is the call's result. It may leave `run` out, to
   * refuse a call or to give a result that it remembers. What it throws ends the run.
   *
   * @see {@link withLedger}
   */
  aroundCall?: AroundCall | undefined
  /**
   * Gets each reply that has come whole, and is waited for before calls in it begin that may change something: whoever
   * keeps a journal knows of every effect what asked for it. What it throws ends the run.
   */
  onReply?: ((reply: { turn: number; message: Message }) => void | Promise<void>) | undefined
  /**
   * Comes before each request. What it returns takes the place of those parameters from this turn on; `messages` among
   * them replaces the history, and must be one that the API accepts. What it throws ends the run.
   */
  beforeTurn?: ((state: { turn: number; messages: MessageParam[] }) => Changes | Promise<Changes>) | undefined
  /**
   * Asked after each turn that another would follow: `true` ends the run there, as one that the model has ended, with the
   * results of its calls in the history. What it throws ends the run.
   *
   * @example
   * stopWhen: ({ calls }) => calls.some(({ name, isError }) => name === 'submit' && !isError)
   */
  stopWhen?: ((run: ToolRunResult) => boolean | Promise<boolean>) | undefined
}

/**
 * Stands around every call of a run, see the option of this name. A layer that has asked `tool.validate` gives what came of
 * it to `run`: the call is then made with that value, or answered with those issues. There is no `tool` of a wrong name.
 */
export type AroundCall = (
  call: ToolUseBlock,
  run: (
    checked?: StandardSchemaV1.Result<unknown>,
    settings?: Pick<CallOptions, 'idempotencyKey'>,
  ) => Promise<ToolResultBlockParam | Deferred>,
  context: { signal: AbortSignal; turn: number; tool: Tool | undefined; granted?: PermissionContext['granted'] },
) => ToolResultBlockParam | Deferred | Promise<ToolResultBlockParam | Deferred>

/** A call is not answered now: the run ends with its reply, and calls beside it are made. */
export interface Deferred {
  /** What it waits for: that somebody allows it, or what a tool without `run` is to give. */
  defer: 'permission' | 'tool'
  /** For whoever is asked. */
  data?: unknown
}

/** Makes a request, and tells what comes of it event by event; by then what has arrived stands in `snapshot`. */
export type Ask = (
  client: Client,
  params: MessageParams,
  options: RequestOptions,
) => AsyncIterable<StreamEvent> & { readonly snapshot: Message }

type Changes = Partial<RunParams> | undefined
