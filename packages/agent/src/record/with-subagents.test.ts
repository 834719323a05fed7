import { expect, it } from 'vitest'
import { ask, look, setUpTeam, usage } from '../../test/set-up-team.ts'
import { createAgent } from '../index.ts'
import { readRecord, replaySession, toHTMLTrace, toLog, toMetadata } from './index.ts'

it('a session with a sub-agent is told whole: the page has its work in its place, the money once, and it can be had again', async () => {
  const { agent, server, store } = await setUpTeam(
    [
      ask({ id: 'toolu_t', prompt: 'Find the cat.' }),
      { toolCalls: [{ name: 'look' }], usage },
      { text: 'It is on the mat.', usage },
      { text: 'On the mat.', usage },
    ],
    { tools: [look] },
  )
  const session = await agent.session({ id: 'parent' })
  await session.send('Where is the cat?').final()
  await session.close()

  const { entries, children } = await readRecord(store, 'parent')
  expect(Object.keys(children)).toHaveLength(1)
  const usd = server.ledger.cost.nanoUsd / 1e9
  expect(toMetadata(entries)).toMatchObject({ cost_usd: usd, num_turns: 2, input_tokens: 4_000, output_tokens: 400 })
  const html = toHTMLTrace(entries, { children })
  expect(html).toContain(`<b>$${usd.toFixed(4)}</b><span>cost at list prices`)
  expect(html).toContain('<b>4</b><span>requests')
  expect(html).toMatch(/class="row spawn"(?:.|\n)*<b>general<\/b>(?:.|\n)*<b>look<\/b>(?:.|\n)*It is on the mat/)
  expect(toLog(entries)).toMatch(/\[DEBUG\] Sub-agent general began session \S+\n/)

  const replay = replaySession(entries)
  const again = await createAgent(replay.options).session()
  expect((await again.send('Where is the cat?').final()).text).toBe('On the mat.')
  expect([replay.left, server.requests.length]).toEqual([0, 4])
})
