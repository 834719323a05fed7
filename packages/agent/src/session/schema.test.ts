import { ConfigError, MaxOutputTokensError, SchemaMismatchError } from '@enjamb/core'
import { defineTool } from '@enjamb/tools'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { setUpAgent } from '../../test/set-up-agent.ts'
import type { AgentEvent, Turn } from '../index.ts'

const river = z.object({ name: z.string(), km: z.number().max(10_000), source: z.string().optional() })
const rhine = { name: 'Rhine', km: 1230 }
const pay = defineTool({ name: 'pay', description: 'Pays.', input: { type: 'object' }, run: () => 'paid' })
const asks = { toolCalls: [{ name: 'pay', id: 'a' }] }

interface Body {
  stream?: boolean
  output_config?: { effort?: string; format?: { schema: { required: string[] } } }
}
const bodies = (server: { readonly requests: readonly { body?: unknown }[] }) =>
  server.requests.map(({ body }) => body as Body)

describe('an answer to a schema', () => {
  it('is a value, of a form that all requests of its turn ask for, and no other', async () => {
    const { server, make } = await setUpAgent(['Hi.', asks, JSON.stringify(rhine), 'Bye.'], {
      tools: [pay],
      effort: 'low',
    })
    const session = await make().session()
    expect(await session.send('Hello').final()).toMatchObject({ status: 'completed', value: undefined })
    const { value, text } = await session.send('A river.', { schema: river }).final()
    expect([value, text]).toEqual([rhine, JSON.stringify(rhine)])
    await session.send('Thanks').final()
    expect(bodies(server).map(({ output_config }) => output_config?.format?.schema.required)).toEqual([
      undefined,
      ['name', 'km'],
      ['name', 'km'],
      undefined,
    ])
    expect(bodies(server).every(({ output_config }) => output_config?.effort === 'low')).toBe(true)
  })

  it('is given again with the same id, in another process', async () => {
    const { server, make } = await setUpAgent([JSON.stringify(rhine)])
    const first = await make().session({ id: 's' })
    await first.send('A river.', { id: 'p', schema: river }).final()
    await first.close()
    const second = await make().session({ id: 's', resume: true })
    expect((await second.send('A river.', { id: 'p', schema: river }).final()).value).toEqual(rhine)
    expect(server.requests).toHaveLength(1)
    await second.close()
  })

  it('is asked for in the same form by the process that goes on, with what was decided', async () => {
    const permission = () => ({ defer: true }) as const
    const { server, make } = await setUpAgent([asks, JSON.stringify(rhine)], { tools: [pay], permission })
    const first = await make().session({ id: 's' })
    expect(await first.send('A river.', { schema: river }).final()).toMatchObject({
      status: 'waiting',
      value: undefined,
    })
    await first.close()
    const second = await make().session({ id: 's', resume: true })
    const turn = await second.decide(second.pending[0]!.id, { allow: true }, { schema: river })
    expect((await turn!.final()).value).toEqual(rhine)
    expect(bodies(server)[1]).toMatchObject({ output_config: bodies(server)[0]!.output_config })
    await second.close()
  })

  it.each([
    ['no JSON', 'A river is long.', 'is no JSON'],
    ['what the form cannot hold', JSON.stringify({ ...rhine, km: 20_000 }), 'km'],
  ])('that is %s is an error that has it, and the session goes on', async (_, text, message) => {
    const { make } = await setUpAgent([text, JSON.stringify(rhine)])
    const session = await make().session()
    const error = await session
      .send('A river.', { schema: river })
      .final()
      .catch((thrown) => thrown)
    expect(error).toBeInstanceOf(SchemaMismatchError)
    expect(error.message).toContain(message)
    expect([error.partial.content.at(-1).text, error.usage.output_tokens > 0]).toEqual([text, true])
    expect((await session.send('Again, shorter.', { schema: river }).final()).value).toEqual(rhine)
    expect(session.messages).toHaveLength(4)
  })

  it('that is cut off says so', async () => {
    const { make } = await setUpAgent([{ text: '{"name": "Rh', stopReason: 'max_tokens' }])
    const turn = (await make().session()).send('A river.', { schema: river })
    await expect(turn.final()).rejects.toThrow(MaxOutputTokensError)
  })

  it('cannot be asked of a turn that is under way, nor with a schema that is none', async () => {
    const { make } = await setUpAgent([{ text: 'Slow.', eventDelayMs: 20 }])
    const session = await make().session()
    expect(() => session.send('Hi', { schema: z.map(z.string(), z.string()) as never })).toThrow(ConfigError)
    const turn = session.send('Hi')
    for await (const event of turn) {
      if (event.type !== 'text') continue
      expect(() => session.send('A river.', { when: 'now', schema: river })).toThrow("when: 'next'")
      break
    }
    expect((await turn.final()).status).toBe('completed')
  })

  it('leaves the form that the agent itself asks for', async () => {
    const own = { format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } } }
    const { server, make } = await setUpAgent(['{}', JSON.stringify(rhine), '{}'], { body: { output_config: own } })
    const first = await make().session({ id: 's' })
    await first.send('Anything').final()
    await first.send('A river.', { schema: river }).final()
    await first.close()
    const second = await make().session({ id: 's', resume: true })
    await second.send('Anything').final()
    await second.close()
    expect(bodies(server).map(({ output_config }) => output_config?.format?.schema.required)).toEqual([
      undefined,
      ['name', 'km'],
      undefined,
    ])
    expect(bodies(server)[2]!.output_config).toEqual(own)
  })
})

it('replies that are not streamed come to the same facts, without pieces', async () => {
  const read = async (stream: boolean) => {
    const { server, make } = await setUpAgent([asks, { text: 'Paid.', thinking: 'Hm.' }], { tools: [pay] })
    const turn: Turn = (await make().session()).send('Pay.', { stream })
    const events: AgentEvent[] = []
    for await (const event of turn) events.push(event)
    const { text, requests, calls } = await turn.final()
    return {
      facts: events.filter(({ seq }) => seq !== undefined).map(({ type }) => type),
      pieces: events.filter(({ type }) => type === 'text' || type === 'thinking').length,
      result: { text, requests, calls: calls.map(({ name, result }) => [name, result]) },
      streamed: bodies(server).map(({ stream }) => !!stream),
    }
  }
  const [streamed, whole] = [await read(true), await read(false)]
  expect(whole.facts).toEqual(streamed.facts)
  expect(whole.result).toEqual(streamed.result)
  expect([streamed.pieces > 0, whole.pieces]).toEqual([true, 0])
  expect([streamed.streamed, whole.streamed]).toEqual([
    [true, true],
    [false, false],
  ])
})
