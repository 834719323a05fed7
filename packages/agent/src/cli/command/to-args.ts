import type { BackendContext } from '../../backend/backend.ts'
import { toSystem } from '../../context/system/to-system.ts'
import type { CliSettings } from '../cli-backend-options.ts'
import { toRules } from './to-rules.ts'

/** What a run is about, beside the settings. */
export interface RunArgs {
  session: string
  /** There is a transcript to go on with. */
  resumes: boolean
  /** The prompt has more than text. */
  hasBlocks: boolean
  mcpFile: string | undefined
}

/** The program's arguments. Nothing that a person wrote to be asked is among them: that it reads. */
export function toArgs(
  { args = [], system, mcp = {} }: CliSettings,
  { settings, maxTurns, maxCost, format }: Pick<BackendContext, 'settings' | 'maxTurns' | 'maxCost' | 'format'>,
  { session, resumes, hasBlocks, mcpFile }: RunArgs,
): string[] {
  const { model, effort } = settings
  const prompt = textOf({ system: settings.system ?? system ?? '' }, model)
  const appended = textOf({ system: '', appendSystem: settings.appendSystem }, model)
  return [
    ...['--print', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
    ...(hasBlocks ? ['--input-format', 'stream-json'] : []),
    ...['--model', model],
    ...(effort ? ['--effort', effort] : []),
    ...[resumes ? '--resume' : '--session-id', session],
    ...(prompt ? ['--system-prompt', prompt] : []),
    ...(appended ? ['--append-system-prompt', appended] : []),
    // Or it would go on with the prompt that the session began with.
    ...(resumes && (prompt || appended) ? ['--system-prompt-snapshot', 'off'] : []),
    ...(mcpFile ? ['--mcp-config', mcpFile, '--strict-mcp-config'] : []),
    ...toRules(settings, Object.keys(mcp)),
    ...agentArgs(settings),
    ...(Number.isFinite(maxTurns) ? ['--max-turns', `${maxTurns}`] : []),
    ...(maxCost === undefined ? [] : ['--max-budget-usd', maxCost.toFixed(9)]),
    ...(format ? ['--json-schema', JSON.stringify(format.schema)] : []),
    ...args,
  ]
}

function textOf(options: Parameters<typeof toSystem>[0], model: string): string {
  return (toSystem(options, model) ?? []).map(({ text }) => text).join('\n\n')
}

function agentArgs({ agents }: Pick<BackendContext['settings'], 'agents'>): string[] {
  if (!agents.length) return []
  const list = agents.map(({ name, description, system, model, allowTools, denyTools }) => [
    name,
    {
      description,
      prompt: system ?? description,
      ...(model && { model }),
      ...(allowTools && { tools: allowTools }),
      ...(denyTools && { disallowedTools: denyTools }),
    },
  ])
  return ['--agents', JSON.stringify(Object.fromEntries(list))]
}
