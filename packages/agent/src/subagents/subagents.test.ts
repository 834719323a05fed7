import { defineTool, type Permission, permissions } from '@enjamb/tools'
import { describe, expect, it, vi } from 'vitest'
import { ask, childrenOf, entriesOf, input, look, setUpTeam, usage, whenAsked, write } from '../../test/set-up-team.ts'
import type { Entry } from '../index.ts'

const toolNames = ({ body }: { body: unknown }) =>
  ((body as { tools?: { name: string }[] }).tools ?? []).map(({ name }) => name)

describe('a sub-agent', () => {
  it('works in a session of its own, a child of its asker, and its last message is its report', async () => {
    const { agent, server, store } = await setUpTeam([
      ask({ id: 'toolu_t', prompt: 'Find the cat.' }),
      { toolCalls: [{ name: 'look' }], usage },
      { text: 'It is on the mat.', usage },
      { text: 'On the mat.', usage },
    ], { tools: [look] }) // biome-ignore format: short
    const session = await agent.session({ id: 'parent' })
    const result = await session.send('Where is the cat?').final()
    expect(result).toMatchObject({ status: 'completed', text: 'On the mat.', calls: [{ result: 'It is on the mat.' }] })
    const entries = await entriesOf(store, 'parent')
    const spawn = entries.find(({ type }) => type === 'spawn') as Extract<Entry, { type: 'spawn' }>
    expect(spawn).toMatchObject({ id: 'toolu_t', agent: 'general', session: expect.any(String) })
    const [head, prompt] = await entriesOf(store, spawn.session)
    expect(head).toMatchObject({ type: 'session', parent: { id: 'parent' }, title: 'Find it' })
    expect(prompt).toMatchObject({ type: 'prompt', content: 'Find the cat.' })
    expect(server.requests.map(({ body }) => (body as { messages: unknown[] }).messages.length)).toEqual([1, 1, 3, 3])
    // What it cost stands with its asker, as it was spent.
    expect(result.usage).toMatchObject({ input_tokens: 4_000, output_tokens: 400 })
    expect(result.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    const order = entries.map(({ type }) => type).filter((type) => type === 'spent' || type === 'result')
    expect(order).toEqual(['spent', 'spent', 'result'])
    await session.close()
  })

  it('is one of those that there are, with its own words, model and tools, and never more than its asker', async () => {
    const { agent, server } = await setUpTeam(
      [
        ask({ agent: 'reader', id: 'a' }, { agent: 'writer', id: 'b' }, { agent: 'nobody', id: 'c' }),
        { times: 3, reply: 'Done.' },
      ],
      {
        tools: [look, write],
        denyTools: ['write'],
        effort: undefined,
        agents: [
          { name: 'reader', description: 'Reads.\nAll.', system: 'You read.', model: 'sonnet', allowTools: ['look'] },
          { name: 'writer', description: 'Writes.', allowTools: ['write', 'Task'] },
        ],
      },
    )
    const session = await agent.session()
    const { calls } = await session.send('Go.').final()
    const bodies = server.requests.map(({ body }) => body as { model: string; system: unknown; tools?: object[] })
    const task = (bodies[0]!.tools as { name: string; description: string }[]).find(({ name }) => name === 'Task')!
    expect(task.description.split('\n').slice(-3)).toEqual([
      '- reader: Reads. All.',
      '- writer: Writes.',
      expect.stringMatching(/^- general: /),
    ])
    const reader = bodies.findIndex(({ system }) => JSON.stringify(system)?.includes('You read.'))
    expect(bodies[reader]!.model).toMatch('sonnet')
    expect(JSON.stringify(bodies[reader]!.system)).toContain('is your report')
    expect(toolNames(server.requests[reader]!)).toEqual(['look'])
    expect(toolNames(server.requests[3 - reader]!)).toEqual(['Task'])
    expect(calls.find(({ id }) => id === 'c')).toMatchObject({
      isError: true,
      result: expect.stringContaining('there are: reader, writer, general'),
    })
    await session.close()
  })

  it('is asked about by what decides for its asker, and may be allowed less', async () => {
    const asked = vi.fn()
    const { agent, store } = await setUpTeam(
      [
        ask({ agent: 'careful' }),
        {
          toolCalls: [
            { id: 'toolu_l', name: 'look' },
            { id: 'toolu_w', name: 'write' },
            { id: 'toolu_d', name: 'danger' },
          ],
        },
        'I could not.',
        'Nothing was done.',
      ],
      {
        tools: [
          look,
          write,
          defineTool({ name: 'danger', description: 'Harms.', input, run: () => expect.unreachable() }),
        ],
        permission: permissions({ deny: ['danger'], canUseTool: ({ name }) => ({ allow: !asked(name) }) }),
        agents: [
          {
            name: 'careful',
            description: 'Careful.',
            permission: (({ name }) => ({ allow: name !== 'write', reason: 'it is careful' })) as Permission,
          },
        ],
      },
    )
    const session = await agent.session()
    await session.send('Go.').final()
    const [child] = await childrenOf(store, session.id)
    const results = (await entriesOf(store, child!)).filter((entry) => entry.type === 'result')
    expect(Object.fromEntries(results.map(({ id, isError, content }) => [id, [isError, content]]))).toEqual({
      toolu_l: [false, 'A cat.'],
      toolu_w: [true, expect.stringContaining('it is careful')],
      toolu_d: [true, expect.stringContaining('not permitted')],
    })
    expect(asked.mock.calls.flat()).toEqual(expect.arrayContaining(['Task', 'write']))
    expect(asked).not.toHaveBeenCalledWith('danger')
    await session.close()
  })

  it('may ask sub-agents of its own, but not deeper than is allowed', async () => {
    const { agent, server, store } = await setUpTeam([
      whenAsked(/Top/, ask({ prompt: 'Middle.' })),
      whenAsked(/Middle/, ask({ prompt: 'Bottom.' })),
      whenAsked(/Bottom/, { text: 'Deep.', usage }),
      whenAsked(/Middle/, { text: 'Below is: deep.', usage }),
      { text: 'Heard.', usage },
    ])
    const session = await agent.session()
    const { cost, calls } = await session.send('Top.').final()
    expect(calls).toMatchObject([{ result: 'Below is: deep.' }])
    expect(server.requests.map(toolNames)).toEqual([['Task'], ['Task'], [], ['Task'], ['Task']])
    expect(cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    const [middle] = await childrenOf(store, session.id)
    expect(await childrenOf(store, middle!)).toHaveLength(1)
    await session.close()
  })

  it('is refused where too many are at work', async () => {
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    const hold = defineTool({ name: 'hold', description: 'Waits.', input, run: () => opened })
    const { agent } = await setUpTeam(
      [
        whenAsked(/Go/, ask({}, {}, {})),
        whenAsked(/Find/, { toolCalls: [{ name: 'hold' }] }, 2),
        whenAsked(/Find/, 'Found.', 2),
        'Done.',
      ],
      { maxAgents: 2, tools: [hold] },
    )
    const session = await agent.session()
    const turn = session.send('Go.')
    for await (const event of turn) if (event.type === 'tool_result') open()
    const { calls } = await turn.final()
    expect(calls.map(({ result }) => result)).toEqual([
      expect.stringContaining('2 sub-agents are at work'),
      'Found.',
      'Found.',
    ])
    await session.close()
  })

  it('that reaches a limit, is refused or fails ends in a result', async () => {
    const { agent } = await setUpTeam(
      [
        ask(
          { id: 'a', agent: 'short', prompt: 'Short' },
          { id: 'b', prompt: 'Bio' },
          { id: 'c', prompt: 'Broken' },
          { id: 'd', agent: 'poor', prompt: 'Poor' },
        ),
        whenAsked(/Short/, { text: 'I look.', toolCalls: [{ name: 'look' }] }),
        whenAsked(/Bio/, { refusal: 'bio' }),
        whenAsked(/Broken/, { error: { status: 400, message: 'It is broken.' } }),
        'Nothing came of it.',
      ],
      {
        tools: [look],
        agents: [
          { name: 'short', description: 'Short.', maxTurns: 1 },
          { name: 'poor', description: 'Poor.', maxCost: 0.0001 },
        ],
      },
    )
    const session = await agent.session()
    const { calls, status } = await session.send('Go.').final()
    expect(status).toBe('completed')
    expect(calls.every(({ isError }) => isError)).toBe(true)
    expect(Object.fromEntries(calls.map(({ id, result }) => [id, result]))).toEqual({
      a: expect.stringMatching(/as many requests as it may.* What it said last:\n\nI look\./s),
      b: expect.stringContaining('declined'),
      c: expect.stringContaining('It is broken.'),
      d: expect.stringContaining('is spent'),
    })
    await session.close()
  })

  it('is another one where a gateway gives a call the id of an earlier one', async () => {
    const { agent, server, store } = await setUpTeam([
      whenAsked(/Go/, ask({ id: 'call_1', prompt: 'Find a.' })),
      whenAsked(/Find a/, { text: 'A.', usage }),
      whenAsked(/Go/, 'One.'),
      whenAsked(/Go/, ask({ id: 'call_1', prompt: 'Find b.' })),
      whenAsked(/Find b/, { text: 'B.', usage }),
      whenAsked(/Go/, 'Two.'),
    ])
    const session = await agent.session()
    expect((await session.send('Go.').final()).calls).toMatchObject([{ result: 'A.' }])
    expect((await session.send('And?').final()).calls).toMatchObject([{ result: 'B.' }])
    expect(new Set(await childrenOf(store, session.id)).size).toBe(2)
    expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    await session.close()
  })
})
