import { type AroundCall, type Permission, withPermission } from '@enjamb/tools'

/**
 * Asks one permission after another: the second is asked about what the first allows, with the input that would run, and
 * cannot allow what the first does not.
 */
export function withinPermission(
  ceiling: AroundCall | undefined,
  permission: Permission | undefined,
): AroundCall | undefined {
  const own = permission && withPermission(permission)
  if (!ceiling || !own) return ceiling ?? own
  return (call, run, context) =>
    ceiling(
      call,
      async (checked, settings) => {
        const { tool } = context
        if (!checked || checked.issues || !tool) return own(call, (again) => run(again ?? checked, settings), context)
        // What was checked once is not made into something else by another check.
        let isFirst = true
        const validate: typeof tool.validate = (input) => {
          if (!isFirst) return tool.validate(input)
          isFirst = false
          return checked
        }
        const make: typeof run = (again) => run(again ?? checked, settings)
        return own({ ...call, input: checked.value }, make, { ...context, tool: { ...tool, validate } })
      },
      context,
    )
}

/** Where nobody can be asked, what would have to be is not allowed. */
export function withoutAsking(permission: AroundCall | undefined): AroundCall | undefined {
  if (!permission) return undefined
  return async (call, run, context) => {
    const made = await permission(call, run, context)
    if (!('defer' in made) || made.defer !== 'permission') return made
    return { type: 'tool_result', tool_use_id: call.id, is_error: true, content: nobody }
  }
}

const nobody =
  'This call was not permitted, and nothing was run: somebody would have to allow it, and nobody can be asked in the background. Say so in your report.'
