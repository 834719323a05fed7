import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type ClientOptions, chooseModel, createUsageMeter, type UsageMeter } from '@enjamb/core'
import { type PermissionDecision, permissions } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'
import { type Agent, createAgent } from '../create-agent.ts'
import { fileStore } from '../node/file-store/file-store.ts'
import type { Arguments } from './read-arguments.ts'

/** An agent that works in a folder, as the terminal has it. */
export interface TerminalAgent extends AsyncDisposable {
  agent: Agent
  cwd: string
  /** What one run may spend, where it has a cap. */
  budget: UsageMeter | undefined
}

const project = 'terminal'

/** Before a request, the whole of it is set aside: under a cap, that is to leave room for others. */
const cappedTokens = 8_000

export interface TerminalAgentOptions {
  client: ClientOptions
  /** What becomes of a call that no rule is about. */
  unasked: PermissionDecision
  env: NodeJS.ProcessEnv
}

export function openAgent(args: Arguments, { client, unasked, env }: TerminalAgentOptions): TerminalAgent {
  const cwd = resolve(args.cwd)
  const tools = codingTools({ cwd })
  const budget =
    args.maxCost === undefined
      ? undefined
      : createUsageMeter({ budgets: { [project]: { usd: args.maxCost, period: 'total' } }, project })
  const agent = createAgent({
    ...client,
    model: args.model === 'auto' ? chooseModel : args.model,
    ...(budget && { maxTokens: cappedTokens }),
    cwd,
    tools,
    instructions: true,
    store: fileStore(sessionFolder(cwd, env)),
    permission: permissions({ cwd, allow: args.allow, canUseTool: () => unasked }),
  })
  return { agent, cwd, budget, [Symbol.asyncDispose]: () => tools.close() }
}

/** The sessions of a folder are kept in one of their own, outside of it. */
function sessionFolder(cwd: string, env: NodeJS.ProcessEnv): string {
  const home = env.ENJAMB_HOME || join(homedir(), '.enjamb')
  const name = cwd.replace(/[^a-zA-Z0-9]+/g, '-').slice(-40)
  return join(home, 'sessions', `${name}-${createHash('sha256').update(cwd).digest('hex').slice(0, 8)}`)
}

/** The one of this folder that changed last. */
export async function lastSession({ agent }: Pick<TerminalAgent, 'agent'>): Promise<string | undefined> {
  for await (const { id, parent } of agent.store.list?.() ?? []) if (!parent) return id
  return undefined
}
