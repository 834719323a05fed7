import { describe, expect, it } from 'vitest'
import { ask, childrenOf, entriesOf, setUpTeam, whenAsked, write } from '../../test/set-up-team.ts'

const permission = ({ name }: { name: string }) =>
  name === 'write' ? ({ defer: true } as const) : { allow: true as const }

describe('a call of a sub-agent that waits for somebody', () => {
  it('is decided about in the session that asked, in another process, and runs then', async () => {
    const { agent, again, store, server } = await setUpTeam(
      [
        whenAsked(/Go/, ask({ id: 'toolu_t', prompt: 'Write.' })),
        whenAsked(/Write/, { toolCalls: [{ id: 'toolu_w', name: 'write' }] }),
        whenAsked(/Write/, 'I wrote it.'),
        whenAsked(/Go/, 'It is written.'),
      ],
      { tools: [write], permission },
    )
    const before = await agent.session({ id: 'p' })
    const waiting = await before.send('Go.').final()
    const [child] = await childrenOf(store, 'p')
    expect(waiting).toMatchObject({
      status: 'waiting',
      pending: [{ id: `${child}/toolu_w`, name: 'write', session: child }],
    })
    expect(before.status).toBe('waiting')
    await before.close()

    await using session = await again().session({ id: 'p', resume: true })
    const [{ id, hash } = expect.unreachable()] = session.pending
    const turn = await session.decide(id, { allow: true, hash })
    expect(await turn!.final()).toMatchObject({ status: 'completed', text: 'It is written.' })
    const results = (await entriesOf(store, child!)).filter(({ type }) => type === 'result')
    expect(results).toMatchObject([{ id: 'toolu_w', content: 'Written.', isError: false }])
    expect((await entriesOf(store, 'p')).filter(({ type }) => type === 'spawn')).toHaveLength(1)
    expect(session.pending).toEqual([])
    expect(server.requests).toHaveLength(4)
    expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
  })

  it('may be refused, and waits however deep it is', async () => {
    const { agent, store } = await setUpTeam(
      [
        whenAsked(/Go/, ask({ prompt: 'Middle.' })),
        whenAsked(/Middle/, ask({ prompt: 'Write.' })),
        whenAsked(/Write/, { toolCalls: [{ id: 'toolu_w', name: 'write' }] }),
        whenAsked(/Write/, 'I may not.'),
        whenAsked(/Middle/, 'It may not.'),
        whenAsked(/Go/, 'So be it.'),
      ],
      { tools: [write], permission },
    )
    await using session = await agent.session({ id: 'p' })
    const first = await session.send('Go.').final()
    expect(first).toMatchObject({ status: 'waiting', pending: [{ name: 'write' }] })
    const turn = await session.decide(first.pending[0]!.id, { allow: false, reason: 'not now' })
    expect(await turn!.final()).toMatchObject({ status: 'completed', text: 'So be it.' })
    const [middle] = await childrenOf(store, 'p')
    const [bottom] = await childrenOf(store, middle!)
    expect((await entriesOf(store, bottom!)).filter(({ type }) => type === 'result')).toMatchObject([
      { isError: true, content: expect.stringContaining('not now') },
    ])
  })

  it('is one of several, each of which is decided about', async () => {
    const { agent } = await setUpTeam(
      [
        whenAsked(/Go/, ask({ id: 'call_1', prompt: 'Write a.' }, { id: 'call_2', prompt: 'Write b.' })),
        whenAsked(/Write a/, { toolCalls: [{ id: 'call_1', name: 'write' }] }),
        whenAsked(/Write b/, { toolCalls: [{ id: 'call_1', name: 'write' }] }),
        whenAsked(/Write/, 'Written.', 2),
        whenAsked(/Go/, 'Both are written.'),
      ],
      { tools: [write], permission },
    )
    await using session = await agent.session()
    const { pending } = await session.send('Go.').final()
    expect(pending.map(({ id }) => id.split('/')[1])).toEqual(['call_1', 'call_1'])
    expect(await session.decide(pending[0]!.id, { allow: true })).toBe(undefined)
    const turn = await session.decide(pending[1]!.id, { allow: true })
    expect(await turn!.final()).toMatchObject({ text: 'Both are written.' })
  })

  it('waits in a task, too, and goes on with what was decided', async () => {
    const { agent } = await setUpTeam(
      [
        whenAsked(/Go/, ask({ prompt: 'Write.' })),
        whenAsked(/Write/, { toolCalls: [{ id: 'toolu_w', name: 'write' }] }),
        whenAsked(/Write/, 'I wrote it.'),
        whenAsked(/Go/, 'It is written.'),
      ],
      { tools: [write], permission },
    )
    const first = await agent.task('Go.', { id: 't' }).final()
    expect(first).toMatchObject({ status: 'waiting', pending: [{ name: 'write' }] })
    const decisions = { [first.pending[0]!.id]: { allow: true } }
    expect(await agent.task('Go.', { id: 't', decisions }).final()).toMatchObject({
      status: 'completed',
      result: { summary: 'It is written.' },
    })
  })
})
