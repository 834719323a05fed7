import type { ToolUseBlock } from '@enjamb/core'
import { checkHost } from './domain.ts'
import { allows, concerns, isProtected, type Target } from './matches.ts'
import { checkGlob } from './path.ts'
import type { Permission, PermissionContext, PermissionDecision } from './permission.ts'
import { isFor, type Rule, toRule } from './rule.ts'
import { codingSubjects, type Subject } from './subject.ts'

/**
 * What happens to calls that no rule is about. `default`: tools that only read are allowed, all others are asked for.
 * `acceptEdits`: so are those that edit files. `plan`: so it is for tools that only read, and all
 * others are denied, whatever a rule allows. `bypass`: all are allowed.
 */
export type PermissionMode = 'default' | 'acceptEdits' | 'plan' | 'bypass'

/** Options of {@link permissions}. */
export interface PermissionOptions {
  /**
   * Rules, each like `Read`, `mcp__server__*`, `Bash(git status:*)`, `Edit(./src/**)`, `WebFetch(domain:example.com)`. A
   * command of several parts is allowed where every part is, and never one with something that only a shell can read.
   */
  allow?: readonly string[] | undefined
  /** Rules for what is never done. Of a command any part counts. */
  deny?: readonly string[] | undefined
  /** Rules for what is always asked. Of a command any part counts. */
  ask?: readonly string[] | undefined
  /** A function is asked at each call. Default `default`. */
  mode?: PermissionMode | (() => PermissionMode) | undefined
  /** Where relative paths in rules and inputs begin. Default `/`. */
  cwd?: string | undefined
  /** Asked about one call at a time. Where there is none, what would be asked is denied. */
  canUseTool?: Permission | undefined
  /** The tools that `acceptEdits` is about. Default `Write`, `Edit` and `NotebookEdit`. */
  edits?: readonly string[] | undefined
  /** What patterns are held against in tools of your own, by name; those of the coding tools are known. */
  subjects?: Readonly<Record<string, Subject>> | undefined
}

/** The rules, for whoever has others hold to them. */
export interface PermissionRules {
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  readonly ask: readonly string[]
  readonly mode: PermissionMode | (() => PermissionMode)
}

/** A permission that goes by rules. */
export type RulePermission = Permission & { readonly rules: PermissionRules }

/**
 * Decides about calls by rules, for `withPermission`. In this order, and the first that applies decides:
 *
 * 1. a `deny` rule: denied
 * 2. the mode `plan`: denied, unless the tool only reads
 * 3. an `ask` rule: asked, unless a person has allowed it already (`granted`)
 * 4. the mode `bypass`: allowed
 * 5. a file that other programs run, or are told by what to run (`.git`, `.npmrc`, `.github/workflows`, a shell's own, and
 *    so on), in a tool that does not only read, unless an `allow` rule names it: asked
 * 6. `allow` rules, or a hook that allows it: allowed
 * 7. a tool that only reads, and not from the network; one that is about nothing but the run; or, in the mode `acceptEdits`, one that edits: allowed
 * 8. anything else: asked
 *
 * Input that was changed when asked is held against the `deny` rules again. A rule with a pattern for a tool whose input
 * it does not know denies and asks, but does not allow. Rules are about what
 * a call says, not where a link leads: the coding tools see to that themselves.
 *
 * @throws {ConfigError} a rule cannot be read, or its pattern can match nothing
 * @example
 * const permission = permissions({ cwd, allow: ['Bash(git status:*)'], deny: ['Read(**\/.env)'], canUseTool: askUser })
 * runTools(client, { ...params, tools }, { permission: withPermission(permission) })
 */
export function permissions(options: PermissionOptions = {}): RulePermission {
  const { cwd = '/', edits = ['Write', 'Edit', 'NotebookEdit'], canUseTool, mode = 'default' } = options
  const [deny, ask, allow] = [options.deny, options.ask, options.allow].map((rules = []) => rules.map(toRule)) as [
    Rule[],
    Rule[],
    Rule[],
  ]
  const subjects: Record<string, Subject> = { ...codingSubjects, ...options.subjects }
  for (const { tool, pattern } of [...deny, ...ask, ...allow]) {
    const known = Object.keys(subjects).find((name) => isFor({ tool, pattern }, name, 'i'))
    const kind = known && !tool.includes('*') && subjects[known]?.kind
    if (pattern && kind === 'path') checkGlob(pattern)
    if (pattern && kind === 'domain') checkHost(pattern)
  }
  const askInTurn = oneAtATime(canUseTool)

  const decide: Permission = (call, context) => {
    const { name, input } = call
    const now = typeof mode === 'function' ? mode() : mode
    const target = { subject: Object.hasOwn(subjects, name) ? subjects[name] : undefined, input, cwd }
    const reads = (context.tool.readOnly && !online.includes(name)) || ofTheRun.includes(name)
    const forbids = (target: Target) => isAbout(deny, name, target)
    const asked = async () => {
      const answer = await askInTurn(call, context)
      if (!answer.allow || answer.input === undefined) return answer
      // It runs as its tool reads it, which may be more than it says.
      const checked = await context.tool.validate(structuredClone(answer.input))
      const inputs = [answer.input, checked.issues ? answer.input : checked.value]
      return inputs.some((input) => forbids({ ...target, input })) ? denied(ruled) : answer
    }
    if (forbids(target)) return denied(ruled)
    if (now === 'plan' && !reads && !context.tool.readOnly) return denied('while planning nothing may be changed')
    if (context.granted === 'person') return allowed
    if (isAbout(ask, name, target)) return asked()
    if (now === 'bypass') return allowed
    if (!context.tool.readOnly && isProtected(target, ownPatterns(allow, name))) return asked()
    if (context.granted || areAllowing(allow, name, target) || reads) return allowed
    if (now === 'acceptEdits' && edits.includes(name)) return allowed
    return asked()
  }
  const rules: PermissionRules = {
    allow: options.allow ?? [],
    deny: options.deny ?? [],
    ask: options.ask ?? [],
    mode,
  }
  return Object.assign(decide, { rules })
}

/** An address, or a query, can carry away what was read. */
const online = ['WebFetch', 'WebSearch']

/** These change nothing but the run itself. */
const ofTheRun = ['TodoWrite', 'AskUserQuestion', 'EnterPlanMode', 'ExitPlanMode', 'TaskOutput', 'KillShell']

const ruled = 'a rule denies it'

const allowed: PermissionDecision = { allow: true }

function denied(reason: string): PermissionDecision {
  return { allow: false, reason }
}

function isAbout(rules: readonly Rule[], name: string, target: Target): boolean {
  return rules.some((rule) => isFor(rule, name, 'i') && (rule.pattern === undefined || concerns(rule.pattern, target)))
}

function areAllowing(rules: readonly Rule[], name: string, target: Target): boolean {
  return (
    rules.some((rule) => rule.pattern === undefined && isFor(rule, name)) || allows(ownPatterns(rules, name), target)
  )
}

function ownPatterns(rules: readonly Rule[], name: string): string[] {
  return rules.flatMap((rule) => (rule.pattern !== undefined && isFor(rule, name) ? [rule.pattern] : []))
}

/** Whoever is asked, a person as a rule, gets one question after the other. */
function oneAtATime(canUseTool: Permission | undefined): Permission {
  if (!canUseTool) return () => denied('it needs the leave of somebody who is not here')
  let before: Promise<unknown> = Promise.resolve()
  return (call: ToolUseBlock, context: PermissionContext) => {
    const answer = before.then(() => (context.signal.aborted ? denied('the run has ended') : canUseTool(call, context)))
    before = new Promise<void>((resolve) => {
      const next = () => {
        context.signal.removeEventListener('abort', next)
        resolve()
      }
      context.signal.addEventListener('abort', next)
      answer.then(next, next)
    })
    return answer
  }
}
