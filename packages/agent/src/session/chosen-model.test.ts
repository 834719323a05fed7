import { chooseModel, type MessageParams } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { ask, asked, entriesOf, setUpTeam, whenAsked } from '../../test/set-up-team.ts'
import { createAgent, type ModelChooser } from '../index.ts'
import { toLog } from '../record/index.ts'

const hard = 'Prove step by step that this design is secure, and optimise it: refactor what is slow; why is it?'
const bodiesOf = (server: Parameters<typeof asked>[0]) => asked(server).map(({ body }) => body as MessageParams)

describe('the model of an agent that has it chosen', () => {
  it('is chosen once, for the first prompt, and kept: by later prompts, in other processes, by forks', async () => {
    const { agent, again, server, store } = await setUpTeam([{ times: 9, reply: 'Well.' }], { model: chooseModel })
    const session = await agent.session({ id: 'a' })
    const events: unknown[] = []
    const turn = session.send('Hi.')
    for await (const event of turn) if (event.type === 'params') events.push(event.why)
    const { choice } = await turn.final()
    expect(choice).toEqual(chooseModel('Hi.'))
    expect(events).toEqual([choice!.why])
    expect((await session.send(hard).final()).choice).toEqual(choice)
    await session.close()

    const resumed = await again().session({ id: 'a', resume: true })
    expect((await resumed.send(hard).final()).choice).toEqual(choice)
    await using fork = await resumed.fork()
    await fork.send(hard).final()
    await resumed.close()
    expect(new Set(bodiesOf(server).map(({ model }) => model))).toEqual(new Set([choice!.model]))
    expect((await entriesOf(store, 'a')).filter(({ type }) => type === 'params')).toHaveLength(1)
    expect(toLog(await entriesOf(store, 'a'))).toContain(`Chose ${choice!.model}: ${choice!.why}`)

    await using other = await agent.session()
    expect((await other.send(hard).final()).choice?.model).toMatch('opus')
    expect(bodiesOf(server).at(-1)!.model).toMatch('opus')
  })

  it('heeds what is left of a budget, and is that of sub-agents', async () => {
    const { agent, server } = await setUpTeam(
      [whenAsked(/Prove/, ask({ prompt: 'Find it.' })), whenAsked(/Find it/, 'Found.'), whenAsked(/Prove/, 'Done.')],
      { model: chooseModel, maxTokens: 100 },
    )
    const { status, choice } = await agent.task(hard, { maxCost: 0.05 }).final()
    expect(status).toBe('completed')
    expect(choice!.why).toContain('too dear for the 0.05 dollars left')
    expect(choice!.model).not.toMatch('opus')
    expect(bodiesOf(server).map(({ model }) => model)).toEqual([choice!.model, choice!.model, choice!.model])
  })

  it('may be the choice of any function, and what else is wished holds as far as that can fulfil it', async () => {
    const seen: unknown[] = []
    const choose: ModelChooser = async (prompt, { remaining }) => {
      seen.push(prompt, remaining)
      return { model: 'claude-haiku-4-5', why: 'I like it' }
    }
    const { agent, server } = await setUpTeam(['Well.'], { model: choose, effort: 'high', maxTokens: 500_000 })
    await using session = await agent.session()
    const { choice } = await session.send('Hi.').final()
    expect(choice).toEqual({ model: 'claude-haiku-4-5', why: 'I like it' })
    expect(seen).toEqual([[{ role: 'user', content: 'Hi.' }], undefined])
    expect(bodiesOf(server)[0]).toMatchObject({ model: 'claude-haiku-4-5', max_tokens: 64_000 })
    expect(bodiesOf(server)[0]).not.toHaveProperty('output_config')
  })

  it('is not "auto", for which it is said what there is', () => {
    expect(() => createAgent({ model: 'auto' })).toThrow('chooseModel of @enjamb/core')
  })
})
