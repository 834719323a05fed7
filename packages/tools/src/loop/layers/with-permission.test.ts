import type { JSONObject } from '@enjamb/core'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { mock, params } from '../../../test/mock-run.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Permission } from '../../permissions/permission.ts'
import { permissions } from '../../permissions/permissions.ts'
import type { RunOptions } from '../run-options.ts'
import { runTools } from '../run-tools.ts'
import { withLedger } from './with-ledger.ts'
import { withPermission } from './with-permission.ts'

const ran = vi.fn(({ url, times }: { url: string; times: number }) => `${url} ${times}`)
const fetchPage = defineTool({
  name: 'WebFetch',
  description: 'Fetches.',
  input: z.object({ url: z.string().trim(), times: z.string().transform(Number).default(1) }),
  run: ran,
})

/** What the tool got, what was asked about, and what the model was told, for one input of the model's. */
async function outcome(input: JSONObject, permission: Permission, options: RunOptions = {}) {
  ran.mockClear()
  const asked: unknown[] = []
  const { client } = await mock({ toolCalls: [{ name: 'WebFetch', id: 'toolu_1', input }] }, 'Done.')
  const decide = withPermission((call, context) => {
    asked.push(structuredClone(call.input))
    return permission(call, context)
  })
  const run = runTools(client, params([fetchPage]), { permission: decide, ...options })
  const { calls, messages } = await run.final()
  const used = (messages[1]!.content as { input?: unknown }[]).map((block) => block.input)
  return { asked, ran: ran.mock.calls.map(([given]) => given), told: calls[0], used }
}

const yes: Permission = () => ({ allow: true })

describe('a permission', () => {
  test('is asked about what a layer around it made of the input, and with or without it that runs', async () => {
    const aroundCall: RunOptions['aroundCall'] = (_, run) => run({ value: { url: 'http://b.test', times: '2' } })
    const input = { url: 'http://a.test' }
    expect(await outcome(input, yes, { aroundCall })).toMatchObject({
      asked: [{ url: 'http://b.test', times: 2 }],
      ran: [{ url: 'http://b.test', times: 2 }],
    })
    const bare = await outcome(input, yes, { aroundCall, permission: undefined })
    expect(bare.ran).toEqual([{ url: 'http://b.test', times: '2' }])
    const issues = [{ message: 'is odd' }]
    const odd = await outcome(input, yes, { aroundCall: (_, run) => run({ issues }) })
    expect(odd).toMatchObject({ asked: [], ran: [], told: { isError: true } })
  })

  test('is asked about the very value that runs, after the schema has made it', async () => {
    const input = { url: '\u00a0http://a.test/ ', times: '3' }
    const { asked, ran, used } = await outcome(input, yes)
    expect(asked).toEqual([{ url: 'http://a.test/', times: 3 }])
    expect(ran).toEqual(asked)
    // What the model wrote stays what it wrote.
    expect(used).toEqual([input])
  })

  test('denies what a rule denies, whatever stands around it that the schema takes away', async () => {
    const decide = permissions({ deny: ['WebFetch(domain:blocked.test)'], mode: 'bypass' })
    for (const url of ['http://blocked.test/', '\u00a0http://blocked.test/', '\u2003HTTP://blocked.test\n']) {
      const { ran, told } = await outcome({ url }, decide)
      expect(ran).toEqual([])
      expect(told).toMatchObject({ isError: true, result: expect.stringContaining('a rule denies it') })
    }
  })

  test('is not asked about input that does not fit, which does not run either', async () => {
    const { asked, ran, told } = await outcome({ url: 7 }, yes)
    expect([asked, ran]).toEqual([[], []])
    expect(told).toMatchObject({ isError: true, result: expect.stringMatching(/^Nothing was run.*\n- url: /) })
  })

  test('that gives other input has it checked and made like the model\u2019s own, once', async () => {
    const change = (input: JSONObject) => outcome({ url: 'http://a.test/' }, () => ({ allow: true, input }))
    expect((await change({ url: ' http://b.test/', times: '2' })).ran).toEqual([{ url: 'http://b.test/', times: 2 }])
    expect(await change({ url: 'http://b.test/', times: 2 })).toMatchObject({ ran: [], told: { isError: true } })
  })

  test('whose answer to a question is other input is held to its deny rules with what that becomes', async () => {
    const decide = permissions({
      deny: ['WebFetch(domain:blocked.test)'],
      canUseTool: () => ({ allow: true, input: { url: '\u00a0http://blocked.test/' } }),
    })
    expect(await outcome({ url: 'http://a.test/' }, decide)).toMatchObject({ ran: [], told: { isError: true } })
  })

  test('is not asked about a call whose result a ledger has, and what it denies is not run', async () => {
    const kept = { type: 'tool_result' as const, tool_use_id: 'toolu_1', content: 'from before' }
    const known = withLedger({ get: () => kept, put: () => {} })
    const { asked, told } = await outcome({ url: 'http://a.test/' }, yes, { aroundCall: known })
    expect([asked, told?.result]).toEqual([[], 'from before'])
    const put = vi.fn()
    const unknown = withLedger({ get: () => undefined, put })
    expect((await outcome({ url: 'u' }, () => ({ allow: false }), { aroundCall: unknown })).ran).toEqual([])
    expect(put).toHaveBeenCalledWith('toolu_1', expect.objectContaining({ is_error: true }))
  })

  test('runs nothing where somebody forgot to wrap it', async () => {
    const options = { permission: (() => ({ allow: true })) as never }
    const { client } = await mock({ toolCalls: [{ name: 'WebFetch', input: { url: 'u' } }] }, 'Done.')
    ran.mockClear()
    await runTools(client, params([fetchPage]), options)
      .final()
      .catch(() => {})
    expect(ran).not.toHaveBeenCalled()
  })
})
