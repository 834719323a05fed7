import { InvalidRequestError } from '@enjamb/core'
import { script, type Turn, type TurnFunction } from '@enjamb/testing'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { fleetAdmin, fleetClient } from '../../src/restate/index.ts'
import { endFleets, type FleetOptions, setUpFleet, startFleets } from './set-up-fleet.ts'

beforeAll(startFleets)
afterAll(endFleets)

async function setUp(options: FleetOptions) {
  const fleet = await setUpFleet(options)
  onTestFinished(() => fleet.close())
  return fleet
}

describe('a session of a fleet', () => {
  it('has its prompts asked in order, each once', async () => {
    const { client, api, entries } = await setUp({})
    const sent = await Promise.all(['a', 'b/2', 'c', 'b/2'].map((id) => client.send('s', `Prompt ${id}.`, { id })))
    const results = await Promise.all(sent.map((turn) => turn.final()))
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('completed'))
    expect(results[1]).toEqual(results[3])
    expect(api.requests).toHaveLength(3)
    const prompts = (await entries('s')).flatMap((entry) => (entry.type === 'prompt' ? [entry.id] : []))
    expect(prompts).toHaveLength(3)
  })

  it('waits for a decision with nothing in memory, and prompts wait behind it', async () => {
    const asks: Turn = {
      toolCalls: [
        { name: 'ask', id: 'a' },
        { name: 'ask', id: 'b' },
      ],
    }
    const fleet = await setUp({ script: script([asks, 'Done.', 'Next.']) })
    const { client, children, addWorker, endWorker, effects, engine } = fleet
    const turn = await client.send('w', 'Go.', { id: '1' })
    const next = await client.send('w', 'And then?', { id: '2' })
    for await (const event of client.follow('w')) if (event.type === 'turn_end') break
    expect(await client.state('w')).toMatchObject({ status: 'waiting', pending: [{ id: 'a' }, { id: 'b' }] })
    for (const child of [...children.keys()]) await endWorker(child, 'SIGKILL')
    await engine.restart()
    await addWorker()
    const { pending } = await client.state('w')
    await expect(client.decide('w', 'a', { allow: true, hash: 'x' })).rejects.toMatchObject({ code: 'config' })
    await client.decide('w', 'b', { allow: false, reason: 'No.' })
    expect(effects()).toEqual([])
    await client.decide('w', 'a', { allow: true, hash: pending[0]!.hash })
    await client.decide('w', 'a', { allow: true })
    expect((await turn.final()).text).toBe('Done.')
    expect((await next.final()).text).toBe('Next.')
    expect(effects()).toHaveLength(1)
  })

  it('is interrupted wherever it is worked on, also where it waits', async () => {
    const asks: Turn = { toolCalls: [{ name: 'ask', id: 'a' }] }
    const { client } = await setUp({
      script: script([{ text: 'Long. '.repeat(50), stallAfterEvents: 9 }, asks, 'Next.']),
    })
    const turn = await client.send('i', 'Go.')
    for await (const event of client.follow('i')) if (event.type === 'prompt') break
    expect(await client.interrupt('i', 'enough')).toBe(true)
    expect(await turn.final()).toMatchObject({ status: 'interrupted', reason: 'enough' })
    const other = await client.send('i', 'Ask.')
    for await (const event of client.follow('i')) if (event.type === 'waiting') break
    await expect.poll(async () => (await client.state('i')).status).toBe('waiting')
    await client.interrupt('i')
    expect(await other.final()).toMatchObject({ status: 'interrupted' })
    expect((await (await client.send('i', 'Next?')).final()).text).toBe('Next.')
    expect(await client.interrupt('i')).toBe(false)
  })
})

describe('a turn that fails', () => {
  it('is told to whoever asked where that is theirs, as the error that it was, and the next prompt is asked', async () => {
    const { client } = await setUp({
      script: script([{ status: 400, error: { type: 'invalid_request_error', message: 'No.' } } as never, 'Yes.']),
    })
    const turn = await client.send('f', 'Go.')
    const next = await client.send('f', 'Go on.')
    await expect(turn.final()).rejects.toBeInstanceOf(InvalidRequestError)
    expect((await next.final()).text).toBe('Yes.')
  })

  it('for ever is parked after so many tries, can be seen, and goes on when somebody says so', async () => {
    let isBroken = true
    const reply: TurnFunction = () =>
      isBroken ? ({ status: 500, error: { type: 'api_error', message: 'Broken.' } } as never) : 'Done.'
    const { client, admin } = await setUp({
      script: script([{ times: Number.POSITIVE_INFINITY, reply }]),
      maxAttempts: 3,
    })
    const turn = await client.send('p', 'Go.')
    const next = await client.send('p', 'Go on.')
    await expect
      .poll(() => admin.parked().then((all) => all.filter(({ session }) => session === 'p')), { timeout: 20_000 })
      .toHaveLength(1)
    const [one] = (await admin.parked()).filter(({ session }) => session === 'p')
    expect(one).toMatchObject({ reason: expect.stringMatching(/3 times.*Broken\./) })
    isBroken = false
    expect(await client.retry('p')).toBe(true)
    expect((await turn.final()).text).toBe('Done.')
    expect((await next.final()).text).toBe('Done.')
  })
})

it('says what is wrong with the engine', async () => {
  const { api, engine } = await setUp({ workers: 1 })
  await expect(fleetClient('http://127.0.0.1:1', { patienceMs: 0 }).send('s', 'Go.')).rejects.toMatchObject({
    code: 'fleet',
    reason: 'unreachable',
  })
  await expect(fleetClient(api.url, { patienceMs: 0 }).send('s', 'Go.')).rejects.toMatchObject({ reason: 'version' })
  await expect(fleetAdmin(api.url).register('http://127.0.0.1:1')).rejects.toMatchObject({ reason: 'version' })
  await expect(fleetAdmin(engine.adminUrl).register('http://127.0.0.1:1')).rejects.toMatchObject({
    code: 'fleet',
    reason: 'engine',
  })
})

it('asks again and again as it is scheduled, and no more when that is taken back', async () => {
  const { client, entries } = await setUp({})
  const later = await client.send('later', 'Then.', { at: new Date(Date.now() + 500) })
  await client.schedule('every', 'scheduled', 'Well?', { everyMs: 300 })
  await expect
    .poll(async () => (await entries('scheduled').catch(() => [])).filter(({ type }) => type === 'turn').length, {
      timeout: 20_000,
    })
    .toBeGreaterThan(2)
  await client.unschedule('every')
  const ids = (await entries('scheduled')).flatMap((entry) => (entry.type === 'prompt' ? [entry.id] : []))
  expect(ids[0]).toMatch(/^every\/20.*Z$/)
  expect(new Set(ids).size).toBe(ids.length)
  expect((await later.final()).status).toBe('completed')
})

it('is drained on SIGTERM: turns come to their end, and the next ones go elsewhere', async () => {
  const { client, children, endWorker, addWorker } = await setUp({
    workers: 1,
    script: script([{ text: 'Slow. '.repeat(20), eventDelayMs: 20 }, 'Next.']),
  })
  const turn = await client.send('d', 'Go.')
  for await (const event of client.follow('d')) if (event.type === 'prompt') break
  const ended = endWorker([...children.keys()][0]!, 'SIGTERM')
  const next = await client.send('d', 'Next?')
  expect(await ended).toBe(0)
  await addWorker()
  expect((await turn.final()).text).toContain('Slow.')
  expect((await next.final()).text).toBe('Next.')
})
