import { ConfigError, costOf, createUsageMeter, InvalidRequestError } from '@enjamb/core'
import type { Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { describe, expect, it } from 'vitest'
import { setUpAgent } from '../../test/set-up-agent.ts'
import { type AgentEvent, createAgent, type Entry, memoryStore, type Session } from '../index.ts'

const refusal: Turn = { refusal: { category: 'cyber', explanation: 'This helps attackers.', after: 'Well, ' } }
const calls: Turn = { text: 'I look.', toolCalls: [{ name: 'look', id: 'a' }] }

async function setUp(turns: Turn[], onLook: () => unknown = () => 'seen') {
  const look = defineTool({ name: 'look', description: 'Looks.', input: { type: 'object' }, run: onLook })
  const given = await setUpAgent(turns, { tools: [look] })
  return { ...given, session: await given.make().session({ id: 's' }) }
}

const prompts = (session: Session) =>
  session.messages.filter(({ role }) => role === 'user').map(({ content }) => content)

describe('a turn that the model declines', () => {
  it('leaves the history with all that belongs to it, and the next prompt is asked as if it had not been', async () => {
    const { session, sent } = await setUp(['One.', calls, refusal, 'Two.'])
    await session.send('First').final()
    const refused = await session.send('Bad').final()
    expect(refused).toMatchObject({ status: 'refused', reason: 'This helps attackers.', requests: 2, text: 'Well, ' })
    expect(refused.calls).toMatchObject([{ name: 'look' }])
    expect(prompts(session)).toEqual(['First'])
    await session.send('Second').final()
    expect(sent()).toHaveLength(3)
    expect(JSON.stringify(sent())).not.toMatch(/Bad|I look|Well/)
  })

  it('stays in the journal, and in another process it is still refused, and still not in the history', async () => {
    const { session, make, server } = await setUp(['One.', refusal, 'Two.'])
    await session.send('First').final()
    const { cost } = await session.send('Bad', { id: 'b' }).final()
    await session.close()
    const again = await make().session({ id: 's', resume: true })
    const told = await again.send('Bad', { id: 'b' }).final()
    expect(told).toMatchObject({ status: 'refused', reason: 'This helps attackers.' })
    expect([told.cost, server.requests.length]).toEqual([cost, 2])
    await again.send('Second').final()
    expect(prompts(again)).toEqual(['First', 'Second'])
    expect(again.cost!.nanoUsd).toBe(server.ledger.cost?.nanoUsd)
    await again.close()
  })

  it('that lacks its end after a crash gets it, and leaves the history', async () => {
    const { session, make, server } = await setUp(['One.', refusal, 'Two.'])
    await session.send('First').final()
    await session.send('Bad').final()
    const store = memoryStore()
    const lease = await store.open('s', { create: true })
    const entries: Entry[] = []
    for await (const entry of session.entries()) entries.push(entry)
    await lease.append(entries.slice(0, -1).map(({ v: _, seq: __, at: ___, ...body }) => body))
    await lease.release()
    for (const goOn of [true, false]) {
      const again = await make({ store }).session({ id: 's', resume: true })
      if (goOn) expect(await again.continue()!.final()).toMatchObject({ status: 'refused' })
      expect(server.requests).toHaveLength(2)
      if (!goOn) await again.send('Second').final()
      expect(prompts(again)).toEqual(goOn ? ['First'] : ['First', 'Second'])
      await again.close()
    }
  })

  it('takes along what was said to it on the way, and those who said it are told', async () => {
    let steer = () => {}
    const { session, server } = await setUp([calls, refusal, 'After all.'], () => steer())
    let second: ReturnType<Session['send']> | undefined
    steer = () => {
      second = session.send('And this', { id: 'second', when: 'now' })
    }
    const first = session.send('Bad')
    const third = session.send('Better')
    expect(await first.final()).toMatchObject({ status: 'refused', unsent: [] })
    expect(await second!.final()).toMatchObject({ status: 'refused' })
    expect(JSON.stringify(server.requests[1]!.body)).toContain('And this')
    expect(await session.send('And this', { id: 'second' }).final()).toMatchObject({ status: 'refused' })
    expect((await third.final()).text).toBe('After all.')
    expect(prompts(session)).toEqual(['Better'])
  })

  it('names what it did not come to ask, which can be sent again', async () => {
    const { session } = await setUp([{ ...Object(refusal), eventDelayMs: 5 }, 'Late.'])
    const turn = session.send('Bad')
    for await (const { type } of turn) {
      if (type === 'text') session.send('Late', { id: 'late', when: 'now' })
    }
    expect(await turn.final()).toMatchObject({ status: 'refused', unsent: ['late'] })
    expect((await session.send('Late', { id: 'late' }).final()).text).toBe('Late.')
  })
})

describe('fallbacks', () => {
  const thinks: Turn = { refusal: { category: 'cyber', after: 'Well, ' }, thinking: 'Hm.', text: 'Here.' }
  const thinkCalls: Turn = { refusal: { category: 'cyber', after: 'Well, ' }, toolCalls: [{ name: 'look', id: 'a' }] }

  async function fallBack(turns: Turn[], fallbacks: 'default' | string[] = ['haiku'], model = 'opus') {
    const look = defineTool({ name: 'look', description: 'Looks.', input: { type: 'object' }, run: () => 'seen' })
    const given = await setUpAgent(turns, { tools: [look], model, fallbacks })
    return { ...given, session: await given.make().session({ id: 's' }) }
  }

  it('answer where the model declines; the event says who did, and the history is taken back', async () => {
    const { session, server, make } = await fallBack([thinkCalls, thinks, 'Good.', 'On.'])
    const events: AgentEvent[] = []
    for await (const event of session.send('Hm?')) events.push(event)
    const declined = [{ model: 'claude-opus-5-5', category: 'cyber' }]
    const replies = events.filter((event) => event.type === 'reply')
    expect(replies).toMatchObject([
      { declined, message: { model: 'claude-haiku-5-5' } },
      { declined, message: { model: 'claude-haiku-5-5' } },
    ])
    expect(events.at(-1)).toMatchObject({ type: 'turn_end', status: 'completed' })
    expect(server.requests[0]).toMatchObject({
      body: { fallbacks: [{ model: 'claude-haiku-5-5' }] },
      headers: { 'anthropic-beta': 'server-side-fallback-2026-07-01' },
    })
    await session.send('And?').final()
    await session.close()
    const again = await make().session({ id: 's', resume: true })
    expect((await again.send('More').final()).text).toBe('On.')
    await again.close()
  })

  it('are billed each at its own price', async () => {
    const { session, server } = await fallBack([thinks])
    const { message, cost } = await session.send('Hm?').final()
    expect(cost).toEqual(costOf(message!.model, message!.usage, message))
    expect(cost!.nanoUsd).toBe(server.ledger.cost?.nanoUsd)
    const dearest = costOf('claude-opus-5-5', { ...message!.usage, iterations: null } as never)
    expect(cost!.nanoUsd).not.toBe(dearest!.nanoUsd)
  })

  it('are left to the API where that is wished, but not under a budget, which has to know them', async () => {
    const { session } = await fallBack([thinks], 'default')
    expect((await session.send('Hm?').final()).message?.model).toBe('claude-opus-4-8')
    const budget = createUsageMeter({ budgets: { default: { usd: 1 } } })
    await expect(session.send('Hm?', { budget }).final()).rejects.toThrow('fallbacks must be a list of models')
  })

  it('that a platform does not have are an error of the API, after which the session goes on', async () => {
    const { session } = await fallBack([{ error: { status: 400, message: 'fallbacks: not supported' } }, 'Good.'])
    await expect(session.send('Hm?').final()).rejects.toThrow(InvalidRequestError)
    expect((await session.send('Hm?').final()).text).toBe('Good.')
  })

  it.each([[[]], ['haiku'], [true], [['hiku']]])('are refused where they are none: %j', (fallbacks) => {
    expect(() => createAgent({ apiKey: 'k', fallbacks: fallbacks as never })).toThrow(ConfigError)
  })
})
