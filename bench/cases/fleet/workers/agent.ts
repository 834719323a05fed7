import { createAgent, resumeTurn } from '@enjamb/agent'
import { postgresStore } from '@enjamb/agent/postgres'
import { defineTool } from '@enjamb/tools'
import { Pool } from 'pg'
import { type Asked, maxTokens, model, payTool } from '../asked.ts'
import { pay, settings } from './settings.ts'

const pool = new Pool({ connectionString: settings.database })

export const agent = createAgent({
  apiKey: 'key',
  baseURL: settings.baseURL,
  model,
  maxTokens,
  store: postgresStore(pool),
  tools: [defineTool({ ...payTool, run: (input) => pay(input) })],
  permission: () => ({ allow: true }),
})

export async function resume({ session, id, content }: Asked): Promise<void> {
  await resumeTurn(agent, session, { prompt: { id, content }, busyMs: 60_000 })
}
