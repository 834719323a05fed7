import type { ToolResultBlockParam, ToolUseBlock } from '@enjamb/core'
import type { AroundCall } from '../run-options.ts'

/** A memory of calls that outlives the process. Ids are those of the `tool_use` blocks. */
export interface ToolLedger {
  /**
   * The result of an earlier run of this call; the tool is not run then. For one that was started and has no end, give a
   * result with `is_error` that says so, unless the tool may be run again.
   */
  get(id: string): ToolResultBlockParam | undefined | Promise<ToolResultBlockParam | undefined>
  /** Comes before the tool runs. */
  start?(call: ToolUseBlock): void | Promise<void>
  /** Comes after it, unless the run was aborted and so the outcome is unknown. */
  put(id: string, result: ToolResultBlockParam): void | Promise<void>
}

/**
 * An `aroundCall` that runs no call twice, in this process or after it. A ledger that throws ends the run: a call that
 * cannot be written down is not made.
 */
export function withLedger(ledger: ToolLedger): AroundCall {
  return async (call, run, { signal }) => {
    const known = await ledger.get(call.id)
    if (known) return known
    await ledger.start?.(call)
    const result = await run()
    if (!signal.aborted && !('defer' in result)) await ledger.put(call.id, result)
    return result
  }
}
