import { createMockServer, script } from '@enjamb/testing'
import { turns } from './mock-turns.ts'

/** Where the requests go, and what to call when they are done. */
export interface Connection {
  options: { apiKey?: string; baseURL?: string }
  about: string
  close(): Promise<void>
}

/** The real API when the environment holds a credential for it; else the mock, on a real socket of this machine. */
export async function connect(env: NodeJS.ProcessEnv): Promise<Connection> {
  const found = ['ANTHROPIC_API_KEY', 'CLAUDE_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'].find(
    (name) => env[name],
  )
  if (found)
    return {
      options: {},
      about: `Found ${found}: this talks to the real API, and costs a little.`,
      close: async () => {},
    }
  const server = await createMockServer({ script: script(turns) })
  return {
    options: { apiKey: 'any-key', baseURL: server.url },
    about: [
      `No ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN is set, so this talks to a mock API at ${server.url}:`,
      'real HTTP and real streams, with answers written in advance. With a key the same code talks to Claude.',
    ].join('\n'),
    close: () => server.close(),
  }
}
