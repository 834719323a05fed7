import { describe, expect, it } from 'vitest'
import { ask, childrenOf, entriesOf, look, setUpTeam, usage, whenAsked, write } from '../../test/set-up-team.ts'
import type { Entry, SessionStore } from '../index.ts'

const reportsIn = (entries: Entry[]) =>
  entries.flatMap((entry) => (entry.type === 'prompt' && entry.id.startsWith('report-') ? [entry] : []))

/** The place where its first turn ended. */
const turnOf = async (store: SessionStore, id: string) =>
  (await entriesOf(store, id)).find(({ type }) => type === 'turn')!.seq

describe('a sub-agent in the background', () => {
  it('works beside its asker, and reports once, when it is done', async () => {
    const { agent, store, server } = await setUpTeam([
      whenAsked(/Go/, ask({ prompt: 'Search.', background: true })),
      whenAsked(/Search/, { text: 'Found it.', usage, delayMs: 50 }),
      whenAsked(/Go/, 'I have begun.'),
      whenAsked(/Go/, { text: 'It is found.', usage }, 2),
    ])
    await using session = await agent.session({ id: 'p' })
    const { text, calls } = await session.send('Go.').final()
    expect(text).toBe('I have begun.')
    const [child] = await childrenOf(store, 'p')
    expect(calls).toMatchObject([{ result: `It works in the background as ${child}.`, isError: false }])
    await session.settled()
    expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    expect((await session.continue()!.final()).text).toBe('It is found.')
    expect(session.continue()).toBe(undefined)
    await session.send('And?').final()
    expect(reportsIn(await entriesOf(store, 'p'))).toMatchObject([
      { id: `report-${child}`, content: expect.stringContaining('Found it.') },
    ])
  })

  it('reports into the turn that is under way, which does not end before', async () => {
    const { agent, store } = await setUpTeam(
      [
        whenAsked(/Go/, ask({ prompt: 'Search.', background: true })),
        whenAsked(/Search/, 'Found it.'),
        whenAsked(/Go/, { toolCalls: [{ name: 'look' }], delayMs: 100 }),
        whenAsked(/Go/, 'It is found.'),
      ],
      { tools: [look] },
    )
    await using session = await agent.session({ id: 'p' })
    expect((await session.send('Go.').final()).text).toBe('It is found.')
    const entries = await entriesOf(store, 'p')
    expect(entries.filter(({ type }) => type === 'turn')).toHaveLength(1)
    expect(reportsIn(entries)).toHaveLength(1)
  })

  it('is heard of after a restart: where it had ended, at once, and once', async () => {
    const { agent, again, store } = await setUpTeam([
      whenAsked(/Go/, ask({ prompt: 'Search.', background: true })),
      whenAsked(/Search/, 'Found it.'),
      whenAsked(/Go/, 'I have begun.'),
      whenAsked(/Go/, 'It is found.', 2),
    ])
    const before = await agent.session({ id: 'p' })
    await before.send('Go.').final()
    await before.settled()
    await before.close()
    const [child] = await childrenOf(store, 'p')
    for (const prompt of ['Well?', 'And?']) {
      await using session = await again().session({ id: 'p', resume: true })
      await session.send(prompt).final()
    }
    const entries = await entriesOf(store, 'p')
    const prompts = entries.flatMap((entry) => (entry.type === 'prompt' ? [entry.content] : []))
    expect(prompts).toEqual(['Go.', expect.stringContaining('Found it.'), 'Well?', 'And?'])
    expect(reportsIn(entries)).toMatchObject([{ id: `report-${child}` }])
  })

  it('is stopped with its asker, and says so', async () => {
    const { agent, again, store } = await setUpTeam([
      whenAsked(/Go/, ask({ prompt: 'Search.', background: true })),
      whenAsked(/Search/, { text: 'I search. '.repeat(99), stallAfterEvents: 9 }),
      whenAsked(/Go/, 'I have begun.'),
      whenAsked(/Go/, 'So be it.'),
    ])
    const before = await agent.session({ id: 'p' })
    await before.send('Go.').final()
    await before.close()
    const [child] = await childrenOf(store, 'p')
    expect((await entriesOf(store, child!)).at(-1)).toMatchObject({ type: 'turn', status: 'interrupted' })
    await using session = await again().session({ id: 'p', resume: true })
    await session.send('Well?').final()
    expect(reportsIn(await entriesOf(store, 'p'))).toMatchObject([
      { content: expect.stringContaining('it was interrupted') },
    ])
  })

  it('goes on and is paid for where it was asked alone: a fork is told so, or what it had come to', async () => {
    const { agent, store } = await setUpTeam([
      whenAsked(/Go/, ask({ prompt: 'Search.', background: true }, { prompt: 'Look on.', background: true })),
      whenAsked(/Search/, { text: 'Found it.', usage }),
      whenAsked(/Look on/, { text: 'I look. '.repeat(99), stallAfterEvents: 9 }),
      whenAsked(/Go/, 'I have begun.', 3),
    ])
    await using session = await agent.session({ id: 'p' })
    await session.send('Go.').final()
    const [ended, open] = await childrenOf(store, 'p')
    for await (const { type } of store.follow!(ended!, 0, AbortSignal.timeout(5_000))) if (type === 'turn') break
    const fork = await session.fork({ at: await turnOf(store, 'p'), id: 'f' })
    const { nanoUsd } = fork.cost!
    const { cost } = await fork.send('Well?').final()
    expect(fork.cost!.nanoUsd).toBe(nanoUsd + cost!.nanoUsd)
    const reports = reportsIn(await entriesOf(store, 'f'))
    expect(reports.map(({ id, content }) => [id, String(content).split('\n\n')[1]])).toEqual([
      [`report-${ended}`, 'Found it.'],
      [`report-${open}`, 'It works for the session that this one was forked from, and reports there.'],
    ])
    await fork.close()
    expect((await entriesOf(store, open!)).map(({ type }) => type)).toEqual(['session', 'prompt'])
  })

  it('may do nothing that somebody would have to allow', async () => {
    const { agent, store } = await setUpTeam(
      [
        whenAsked(/Go/, ask({ prompt: 'Write.', background: true })),
        whenAsked(/Write/, { toolCalls: [{ name: 'write' }] }),
        whenAsked(/Write/, 'I may not.'),
        whenAsked(/Go/, 'So be it.', 2),
      ],
      { tools: [write], permission: ({ name }) => (name === 'write' ? { defer: true } : { allow: true }) },
    )
    await using session = await agent.session({ id: 'p' })
    await session.send('Go.').final()
    await session.settled()
    const [child] = await childrenOf(store, 'p')
    const results = (await entriesOf(store, child!)).filter(({ type }) => type === 'result')
    expect(results).toMatchObject([{ isError: true, content: expect.stringContaining('nobody can be asked') }])
    expect(session.pending).toEqual([])
  })

  it('is waited for by a task', async () => {
    const { agent, server } = await setUpTeam([
      whenAsked(/Go/, ask({ prompt: 'Search.', background: true })),
      whenAsked(/Search/, { text: 'Found it.', usage, delayMs: 50 }),
      whenAsked(/Go/, 'I have begun.'),
      whenAsked(/Go/, 'It is found.'),
    ])
    const result = await agent.task('Go.', { id: 't' }).final()
    expect(result).toMatchObject({ status: 'completed', result: { summary: 'It is found.' } })
    expect(result.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    expect(result.executionLog.find(({ type }) => type === 'agent_spawn')).toMatchObject({
      content: { agent: 'general', background: true },
    })
    // The same again, of which the last turn counts.
    expect(await agent.task('Go.', { id: 't' }).final()).toMatchObject({ result: { summary: 'It is found.' } })
  })

  it('that never ends ends with the time of a task', async () => {
    const { agent } = await setUpTeam([
      whenAsked(/Go/, ask({ prompt: 'Search.', background: true })),
      whenAsked(/Search/, { text: 'I search. '.repeat(99), stallAfterEvents: 9 }),
      whenAsked(/Go/, 'I have begun.'),
    ])
    expect(await agent.task('Go.', { timeoutMs: 500 }).final()).toMatchObject({ status: 'timeout' })
  })
})
