import { ConfigError, checkOptions, nearestName } from '@enjamb/core'
import { fitsName } from '@enjamb/tools'
import type { Hooks } from './hooks.ts'

/** What each hook may answer. */
export const hookAnswers = {
  prompt: ['content', 'context', 'refuse'],
  beforeTool: ['allow', 'reason', 'input', 'defer', 'data'],
  afterTool: ['output', 'isError', 'context'],
  beforeTurn: ['context'],
  afterTurn: ['prompt'],
  beforeCompact: ['instructions', 'refuse'],
  afterCompact: ['context'],
  subagentStart: ['context', 'refuse'],
  subagentStop: ['context'],
  sessionStart: ['context'],
  sessionEnd: [],
} as const satisfies { [Name in keyof Hooks]-?: readonly string[] }

export type HookName = keyof typeof hookAnswers

/** A function of the hooks, and the tools that it is for; without `fits`, it is for all. */
export interface ListedHook {
  run: (subject: object, context: object) => unknown
  fits?: (tool: string) => boolean
}

/** @throws {ConfigError} there is no hook of a name, it is no function, or no tool fits what it is for */
export function listHooks(hooks: Hooks, tools: readonly string[]): Map<HookName, readonly ListedHook[]> {
  const names = Object.keys(hookAnswers) as HookName[]
  checkOptions('hooks', hooks, names)
  return new Map(names.map((name) => [name, [hooks[name] ?? []].flat().map((hook) => toListed(name, hook, tools))]))
}

function toListed(name: HookName, hook: unknown, tools: readonly string[]): ListedHook {
  if (typeof hook === 'function') return { run: hook as ListedHook['run'] }
  const forTools = name === 'beforeTool' || name === 'afterTool'
  const { matcher, run, ...others } = Object(hook) as Record<string, unknown>
  if (!forTools || typeof matcher !== 'string' || typeof run !== 'function') {
    const form = forTools ? ' or { matcher, run }' : ''
    throw new ConfigError(`hooks.${name} must be a function${form}, or a list of them.`)
  }
  checkOptions(`hooks.${name}`, others, ['matcher', 'run'])
  const patterns = matcher.split('|').map((pattern) => pattern.trim())
  for (const pattern of patterns) {
    if (!/^[\w*-]+$/.test(pattern)) {
      throw new ConfigError(`hooks.${name}: a matcher is like "Bash" or "Bash|mcp__*"; "${matcher}" is not.`)
    }
    // A server of tools may be left out; a name that is misspelt would guard nothing.
    const mayBeMissing = pattern.includes('*') && patterns.length > 1
    if (!mayBeMissing) checkFits(name, pattern, tools)
  }
  const fits = (tool: string) => patterns.some((pattern) => fitsName(pattern, tool, 'i'))
  if (!tools.some(fits)) checkFits(name, matcher, tools)
  return { run: run as ListedHook['run'], fits }
}

function checkFits(name: HookName, pattern: string, tools: readonly string[]): void {
  if (tools.some((tool) => fitsName(pattern, tool, 'i'))) return
  const nearest = nearestName(pattern.replaceAll('*', ''), tools)
  const advice = nearest ? `did you mean ${nearest}?` : `there are ${tools.slice(0, 20).join(', ') || 'none'}.`
  throw new ConfigError(`hooks.${name}: no tool that runs here fits "${pattern}": ${advice}`)
}
