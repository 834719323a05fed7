import { parseArgs } from 'node:util'

export const usage = `Usage: npx @enjamb/agent [options] [prompt]

  A chat with tools in this folder. Reading is free; whatever changes something is asked about first.

  -m, --model <name>     sonnet (the default), haiku, opus, a model's id, or auto
      --max-cost <usd>   ends before more than this could be spent
  -c, --continue         goes on with the last session of this folder
  -r, --resume <id>      goes on with that one
      --allow <rule>     does not ask about it, as "Write" or "Bash(npm test:*)"; as often as needed
      --cwd <folder>     works there
  -p, --print            gives one answer and ends; what is piped in belongs to the prompt
      --json             with --print: everything that happens, a line of JSON each
      --mock             talks to a mock of the API: no key, no cost
  -h, --help
  -v, --version

  The key comes from ANTHROPIC_API_KEY, or from the profile that "ant auth login" made.
  Sessions are kept in ~/.enjamb/sessions; ENJAMB_HOME is another place than ~/.enjamb.
`

const options = {
  model: { type: 'string', short: 'm', default: 'sonnet' },
  'max-cost': { type: 'string' },
  continue: { type: 'boolean', short: 'c', default: false },
  resume: { type: 'string', short: 'r' },
  allow: { type: 'string', multiple: true },
  cwd: { type: 'string', default: '.' },
  print: { type: 'boolean', short: 'p', default: false },
  json: { type: 'boolean', default: false },
  mock: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'v', default: false },
} as const

export interface Arguments {
  prompt: string
  model: string
  /** In dollars. */
  maxCost: number | undefined
  continue: boolean
  resume: string | undefined
  allow: readonly string[]
  cwd: string
  print: boolean
  json: boolean
  mock: boolean
  help: boolean
  version: boolean
}

/** @throws {Error} they make no sense; its message is for whoever typed them */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const { 'max-cost': cap, json, print, ...rest } = values
  const maxCost = cap === undefined ? undefined : Number(cap.replace(/^\$/, ''))
  if (maxCost !== undefined && !(maxCost > 0)) throw new Error(`--max-cost is a number of dollars, not ${cap}`)
  if (json && !print) throw new Error('--json is for --print')
  if (rest.continue && rest.resume !== undefined) throw new Error('--continue and --resume are one or the other')
  return { ...rest, allow: rest.allow ?? [], resume: rest.resume, json, print, maxCost, prompt: positionals.join(' ') }
}
