import { costOf, createClient, createUsageMeter, StreamInterruptedError, StreamParseError } from '@enjamb/core'
import { bedrock } from '@enjamb/core/bedrock'
import { vertex } from '@enjamb/core/vertex'
import { streamMessage } from '@enjamb/stream'
import { createMockServer, script } from '@enjamb/testing'
import { defineTool, runTools } from '@enjamb/tools'
import { describe, expect, it, onTestFinished } from 'vitest'
import { awsKeys } from '../../packages/core/test/serve-bedrock.ts'
import { runExample } from '../run-example.ts'
import { bedrockDoor, vertexDoor } from './cloud-doors.ts'

const token = 'ya29.token-of-google'

/** A server that is closed when the test is over. */
async function untilDone<T extends { close(): Promise<unknown> }>(server: Promise<T>): Promise<T> {
  const opened = await server
  onTestFinished(() => opened.close().then(() => {}))
  return opened
}

describe('the example', { timeout: 30_000 }, () => {
  it('of Bedrock streams an answer, at the price of Europe', async () => {
    const { out } = await runExample(new URL('bedrock.ts', import.meta.url), {
      async env(api) {
        const door = await untilDone(bedrockDoor(api))
        return {
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: awsKeys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: awsKeys.secretAccessKey,
          ANTHROPIC_BEDROCK_BASE_URL: door.url,
        }
      },
    })
    expect(out).toMatch(/^You said: Name three rivers\.\n0\.000\d+ dollars\n$/)
  })

  it('of Vertex AI streams an answer', async () => {
    const { out } = await runExample(new URL('vertex.ts', import.meta.url), {
      async env(api) {
        const { url } = await vertexDoor(api, token)
        return {
          ANTHROPIC_VERTEX_PROJECT_ID: 'my-project',
          GOOGLE_ACCESS_TOKEN: token,
          ANTHROPIC_VERTEX_BASE_URL: url,
        }
      },
    })
    expect(out).toMatch(/^You said: Name three rivers\.\n0\.000\d+ dollars\n$/)
  })

  it('of Foundry gets an answer', async () => {
    const { out, server } = await runExample(new URL('foundry.ts', import.meta.url), {
      env: (api) => ({ ANTHROPIC_FOUNDRY_BASE_URL: api, ANTHROPIC_FOUNDRY_API_KEY: 'key-of-azure' }),
    })
    expect(out).toMatch(/^You said: Name three rivers\.\n0\.000\d+ dollars\n$/)
    expect(server.ledger.answers).toBe(1)
  })
})

describe('a run of tools, with a budget,', () => {
  it.each(['Bedrock', 'Vertex AI'])('goes on %s as at the API, and costs a tenth more in a region', async (cloud) => {
    const api = await untilDone(
      createMockServer({
        script: script([{ toolCalls: [{ name: 'add', input: { a: 2, b: 3 } }] }, { text: 'Five: 五 🎈.' }]),
      }),
    )
    const settings =
      cloud === 'Bedrock'
        ? bedrock({
            region: 'eu-west-1',
            geo: 'eu',
            credentials: awsKeys,
            baseURL: (await untilDone(bedrockDoor(api.url))).url,
          })
        : vertex({ project: 'p', region: 'eu', accessToken: token, baseURL: (await vertexDoor(api.url, token)).url })
    const meter = createUsageMeter({ budgets: { default: { usd: 1 } } })
    const client = createClient({ ...settings, middleware: [meter.middleware] })
    const add = defineTool({
      ...{ name: 'add', description: 'Adds two numbers.' },
      input: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
      run: (input) => String((input as { a: number; b: number }).a + (input as { a: number; b: number }).b),
    })
    const messages = [{ role: 'user' as const, content: 'Two and three?' }]
    const run = runTools(client, { model: 'claude-haiku-4-5', max_tokens: 1_000, messages, tools: [add] }, { costOf })
    const { message, calls, cost } = await run.final()
    expect(message.content).toMatchObject([{ type: 'text', text: 'Five: 五 🎈.' }])
    expect(calls).toMatchObject([{ name: 'add', input: { a: 2, b: 3 } }])
    expect(cost!.nanoUsd).toBe(Math.round(api.ledger.cost.nanoUsd * 1.1))
    expect((await meter.stats()).totalCost).toBe(cost!.usd)
  })
})

describe('a stream of Bedrock that', () => {
  const stream = async (damage: (bytes: Buffer) => Buffer) => {
    const api = await untilDone(createMockServer({ script: script([{ text: 'One two three four five six seven.' }]) }))
    const { url } = await untilDone(bedrockDoor(api.url, damage))
    const client = createClient({
      ...bedrock({ region: 'eu-west-1', credentials: awsKeys, baseURL: url }),
      retry: { maxRetries: 0 },
    })
    return streamMessage(client, {
      model: 'claude-haiku-5-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Count.' }],
    }).final()
  }

  it('is cut within a message was interrupted', async () => {
    const call = stream((bytes) => bytes.subarray(0, bytes.length - 300))
    await expect(call).rejects.toThrow(StreamInterruptedError)
    await expect(call).rejects.toMatchObject({ partial: { role: 'assistant' } })
  })

  it('is damaged is an error that says so', async () => {
    const call = stream((bytes) => {
      bytes[bytes.length - 100]! ^= 1
      return bytes
    })
    await expect(call).rejects.toThrow(StreamParseError)
    await expect(call).rejects.toMatchObject({ partial: { content: [{ type: 'thinking' }, { type: 'text' }] } })
  })
})
