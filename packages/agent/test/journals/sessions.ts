import { defineTool } from '@enjamb/tools'
import { type Agent, createAgent, type Entry, type Session, type SessionStore } from '../../src/index.ts'
import { rewindPoints } from '../../src/journal/turn-boundaries.ts'
import { fileTools } from '../file-tools.ts'

/** The agent of the sessions that are kept. What its tools are called in them stays; what they do may change. */
export function journalAgent(store: SessionStore, cwd: string, baseURL: string): Agent {
  const input = { type: 'object', properties: { what: { type: 'string' } } } as const
  return createAgent({
    apiKey: 'key',
    baseURL,
    store,
    cwd,
    retry: { maxRetries: 0 },
    system: 'Be short.',
    tools: ({ cwd }) => [
      fileTools(cwd).flat(),
      defineTool({
        name: 'ask',
        description: 'Asks a model.',
        input,
        run(_, { spend }) {
          spend({ model: 'claude-haiku-4-5', usage: { input_tokens: 1_000, output_tokens: 100 } as never })
          return 'Yes.'
        },
      }),
      defineTool({ name: 'pay', description: 'Pays.', input, run: () => 'Paid.' }),
      defineTool({ name: 'locate', description: 'Asks the browser where it is.', input }),
    ],
    permission: ({ name }) => (name === 'pay' ? { defer: true, data: 'Really?' } : { allow: true }),
    hooks: { prompt: ({ content }) => (content === 'Refuse me.' ? { refuse: 'no' } : { context: 'It is Monday.' }) },
  })
}

/** What a session comes to: what a later release has to make of its journal, too. */
export async function stateOf(session: Session) {
  const entries: Entry[] = []
  for await (const entry of session.entries()) entries.push(entry)
  const { status, title, messages, usage, cost, pending } = session
  return {
    status,
    ...(title !== undefined && { title }),
    messages,
    usage,
    nanoUsd: cost?.nanoUsd,
    pending: pending.map(({ id }) => id),
    rewindPoints: rewindPoints(entries),
    entries: entries.map(({ type }) => type),
  }
}
