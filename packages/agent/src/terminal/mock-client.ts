import { type ClientOptions, ConfigError } from '@enjamb/core'
// biome-ignore lint/style/noRestrictedImports: a peer that is there only where somebody wants to try this without a key
import type { Reply, TurnRequest } from '@enjamb/testing'

export interface MockClient extends AsyncDisposable {
  options: ClientOptions
}

/**
 * A client of a mock of the API in this process: what the model says is made up, what tools do is real.
 *
 * @throws {ConfigError} `@enjamb/testing` is not installed
 */
export async function mockClient(): Promise<MockClient> {
  // biome-ignore lint/style/noRestrictedImports: as above
  const testing = await import('@enjamb/testing').catch(() => {
    throw new ConfigError(
      'The mock is a package of its own: npx -p @enjamb/agent -p @enjamb/testing enjamb-agent --mock',
    )
  })
  // More than anybody types; it says of itself what it is.
  const turns = Array.from({ length: 1_000 }, () => answer)
  const server = await testing.createMockServer({ script: testing.script(turns) })
  return {
    options: { apiKey: 'mock', baseURL: server.url },
    [Symbol.asyncDispose]: () => server.close(),
  }
}

const eventDelayMs = 20

function answer({ text, toolResults }: TurnRequest): Reply {
  const [last] = toolResults
  if (last?.name === 'Glob') {
    const files = last.text.split('\n').filter(Boolean)
    const rows = files.slice(0, 5).map((file, n) => `| ${n + 1} | \`${file.split('/').at(-1)}\` |`)
    return {
      text: `These were found:\n\n| # | file |\n|--:|---|\n${rows.join('\n')}\n\nNow **ask me to write** something.`,
      eventDelayMs,
    }
  }
  if (last) return { text: last.isError ? `It did not work:\n\n> ${last.text}` : 'That is *done*.', eventDelayMs }
  if (/\bwrite\b/i.test(text)) {
    const input = { file_path: 'enjamb-mock.txt', content: 'A line\nthat runs on.\n' }
    return { text: 'I write a small file.', toolCalls: [{ name: 'Write', input }], eventDelayMs }
  }
  return {
    text: 'This is a **mock**: nothing here comes from a model. But tools really run, so I look for files.',
    toolCalls: [{ name: 'Glob', input: { pattern: '*' } }],
    eventDelayMs,
  }
}
