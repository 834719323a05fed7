import type { Logger, ToolResultBlockParam, ToolUseBlockParam } from '@enjamb/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Tool, ToolContext } from '../define/tool.ts'
import { checkInput } from './check-input.ts'
import { resultBlock, toResultBody } from './tool-result.ts'

/** What a single call of a tool takes beside the block that asks for it. */
export interface CallOptions {
  signal?: AbortSignal | undefined
  /** What the tool's `validate` made of the input, where it was asked before; else it is asked now. */
  checked?: StandardSchemaV1.Result<unknown> | undefined
  /** What the tool's context has of this name. Default the block's `id`. */
  idempotencyKey?: string | undefined
  /** Default 0. */
  turn?: number | undefined
  /** What the tool's context has as its logger. */
  logger?: Logger | undefined
  /** Gets what the tool reports through its context. */
  onProgress?: ((data: unknown) => void) | undefined
  /** Gets what the tool reports to have got from a model. */
  onSpend?: ToolContext['spend'] | undefined
  /** What the tool's context has as its budget. */
  budget?: ToolContext['budget']
  /** Gets what the tool is about to change, which waits for it. What it throws, the tool gets. */
  onCheckpoint?: ToolContext['checkpoint'] | undefined
}

/** Runs one call; whatever goes wrong becomes a result that tells the model what to do. */
export function callTool(
  tool: Tool,
  call: ToolUseBlockParam,
  {
    signal,
    checked,
    idempotencyKey = call.id,
    turn = 0,
    logger = {},
    budget,
    onProgress,
    onSpend = () => {},
    onCheckpoint = async () => {},
  }: CallOptions,
): Promise<ToolResultBlockParam> {
  const { timeoutMs = 600_000, maxResultChars } = tool
  const controller = new AbortController()
  let ended = false
  return new Promise((resolve) => {
    const end = (value: unknown, isError?: boolean) => {
      ended = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', interrupt)
      resolve(resultBlock(call, toResultBody(value, maxResultChars), isError))
    }
    const fail = (error: unknown) => end(describe(error), true)
    const stop = (text: string) => {
      end(tool.readOnly ? text : `${text} It may have had effects: check before you repeat it.`, true)
      controller.abort(signal?.reason)
    }
    const interrupt = () => stop('Interrupted.')
    // setTimeout takes 31 bits and fires at once beyond them.
    const timer =
      timeoutMs && timeoutMs < 2 ** 31 ? setTimeout(stop, timeoutMs, `Stopped after ${timeoutMs} ms.`) : undefined
    const progress = (data: unknown) => ended || onProgress?.(data)
    const work = async () => {
      const { issues, value } = (checked ?? (await checkInput(tool, call.input))) as {
        issues?: Issues
        value?: unknown
      }
      if (issues) return end(badInput(issues), true)
      if (!ended) {
        end(
          await tool.run!(value, {
            signal: controller.signal,
            toolUseId: call.id,
            idempotencyKey,
            turn,
            logger,
            budget,
            progress,
            spend: onSpend,
            checkpoint: onCheckpoint,
          }),
        )
      }
    }
    signal?.addEventListener('abort', interrupt)
    if (signal?.aborted) interrupt()
    // The error itself may be one that throws when it is read.
    work()
      .catch(fail)
      .catch(() => end('The tool failed.', true))
  })
}

type Issues = readonly { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined }[]

function badInput(issues: Issues): string {
  const lines = issues.map(({ path = [], message }) => {
    const at = path.map((part) => String((part as { key?: PropertyKey }).key ?? part)).join('.')
    return `\n- ${at || 'input'}: ${message}`
  })
  return `Nothing was run, because the input does not fit:${lines.join('')}\nCorrect it and call again.`
}

/** An error may be any value; the API takes text only in a result that is one. */
function describe(error: unknown): string {
  return `The tool failed: ${(Object(error) as { message?: unknown }).message || error}`
}
