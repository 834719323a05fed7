import { expect, it } from 'vitest'
import { ask, childrenOf, entriesOf, setUpTeam, whenAsked } from '../../test/set-up-team.ts'

it('a hook adds to what a sub-agent is told and to what it reports, and is told who it is', async () => {
  const told: unknown[] = []
  const { agent, store } = await setUpTeam(
    [whenAsked(/Go/, ask({ prompt: 'Find it.' })), whenAsked(/Find it/, 'Found.'), whenAsked(/Go/, 'Done.')],
    {
      hooks: {
        subagentStart(subject) {
          told.push(subject)
          return { context: 'Mind the cat.' }
        },
        subagentStop(subject) {
          told.push(subject)
          return { context: 'It was checked.' }
        },
      },
    },
  )
  await using session = await agent.session({ id: 'p' })
  const { calls } = await session.send('Go.').final()
  const [child] = await childrenOf(store, 'p')
  expect(calls).toMatchObject([{ result: 'Found.\n\nIt was checked.' }])
  expect(await entriesOf(store, child!)).toContainEqual(
    expect.objectContaining({ type: 'prompt', content: 'Find it.\n\nMind the cat.' }),
  )
  expect(told).toEqual([
    { agent: 'general', session: child, prompt: 'Find it.' },
    { agent: 'general', session: child, status: 'completed', text: 'Found.' },
  ])
})

it('a hook refuses a sub-agent, which does not begin', async () => {
  const { agent, store, server } = await setUpTeam([whenAsked(/Go/, ask({})), whenAsked(/Go/, 'Then not.')], {
    hooks: { subagentStart: () => ({ refuse: 'there are enough' }) },
  })
  await using session = await agent.session({ id: 'p' })
  const { calls } = await session.send('Go.').final()
  expect(calls).toMatchObject([{ isError: true, result: expect.stringContaining('there are enough') }])
  expect(await childrenOf(store, 'p')).toEqual([])
  expect(server.requests).toHaveLength(2)
})
