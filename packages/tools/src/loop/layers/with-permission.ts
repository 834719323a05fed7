import { checkInput } from '../../call/check-input.ts'
import { resultBlock } from '../../call/tool-result.ts'
import type { Permission } from '../../permissions/permission.ts'
import type { AroundCall } from '../run-options.ts'

/**
 * Lets somebody decide about each call of a tool that there is, for the `permission` of a run. The input is checked first,
 * and what is decided about is the very value that runs; input that does not fit is nobody's question. A call that is
 * refused becomes a result that says so, one that is deferred waits, and the run ends with it.
 *
 * A function of its own, so that who asks nobody bundles nothing of it.
 *
 * @example
 * runTools(client, params, { permission: withPermission(permissions({ deny: ['Bash(git push:*)'], canUseTool })) })
 */
export function withPermission(permission: Permission): AroundCall {
  return async (call, run, context) => {
    const { tool } = context
    if (!tool) return run()
    const checked = await checkInput(tool, call.input)
    if (checked.issues) return run(checked)
    const decision = await permission({ ...call, input: checked.value }, { ...context, tool })
    if (decision?.defer) return { defer: 'permission', data: decision.data }
    // Whatever else a callback gives is not a yes.
    if (decision?.allow !== true) return resultBlock(call, refusalText(decision?.reason), true)
    return run(decision.input === undefined ? checked : await checkInput(tool, decision.input))
  }
}

/** What the model is told of a call that somebody, or a rule, did not permit. */
export function refusalText(reason = 'the user does not want it'): string {
  return `This call was not permitted, and nothing was run: ${reason}. Do not try to reach the same in another way.`
}
