import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { defineTool } from '../define/define-tool.ts'
import type { Tool, ToolContext } from '../define/tool.ts'
import { callTool } from './call-tool.ts'

const use = { type: 'tool_use', id: 'toolu_1', name: 'work', input: {} } as const
const toolOf = (run: (context: ToolContext) => unknown, traits: Partial<Tool> = {}) =>
  defineTool({
    name: 'work',
    description: 'Works.',
    input: { type: 'object' },
    ...traits,
    run: (_, context) => run(context),
  })
const fail = (): never => {
  throw new Error('disk full')
}
const never = () => new Promise(() => {})
const soon = (value: unknown) => new Promise((resolve) => setTimeout(resolve, 20, value))

const thenable = (then: (resolve: (value: string) => void, reject: (error: Error) => void) => void) =>
  Object.fromEntries([['then', then]])
const cyclic: { self?: unknown } = {}
cyclic.self = cyclic
const unreadable = {
  get secret() {
    throw new Error('no')
  },
}

afterEach(() => void vi.useRealTimers())

describe('a call', () => {
  test('outside of a run is of turn 0, logs nothing and counts nothing', async () => {
    const seen: unknown[] = []
    const change = { path: '/a', before: null, after: new Uint8Array() }
    const tool = toolOf(async ({ turn, toolUseId, idempotencyKey, logger, progress, spend, checkpoint }) => {
      await checkpoint(change)
      progress('half')
      logger.warn?.('lost')
      spend({ model: 'claude-haiku-4-5', usage: {} as never })
      seen.push(turn, toolUseId, idempotencyKey)
      return 'done'
    })
    expect(await callTool(tool, use, {})).toMatchObject({ content: 'done' })
    expect(seen).toEqual([0, 'toolu_1', 'toolu_1'])
  })

  test('has the key that it is given', async () => {
    const tool = toolOf(({ idempotencyKey }) => idempotencyKey)
    expect(await callTool(tool, use, { idempotencyKey: 'k' })).toMatchObject({ content: 'k' })
  })

  test('waits until what it is about to change is kept', async () => {
    const order: unknown[] = []
    const change = { path: '/a', before: null, after: new Uint8Array([1]) }
    const tool = toolOf(async ({ checkpoint }) => {
      await checkpoint(change)
      order.push('changed')
    })
    await callTool(tool, use, {
      async onCheckpoint(reported) {
        await soon(undefined)
        order.push(reported)
      },
    })
    expect(order).toEqual([change, 'changed'])
  })

  test.each([
    ['throws', () => fail()],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('fails where what keeps a change %s, before it was made', async (_, onCheckpoint) => {
    let changed = false
    const tool = toolOf(async ({ checkpoint }) => {
      await checkpoint({ path: '/a', before: null, after: null })
      changed = true
    })
    expect(await callTool(tool, use, { onCheckpoint })).toMatchObject({
      is_error: true,
      content: 'The tool failed: disk full',
    })
    expect(changed).toBe(false)
  })

  test("of a tool without a run is nobody's to answer here, once its input fits", async () => {
    const input = { type: 'object', required: ['a'] }
    const tool = defineTool({ name: 'work', description: 'Works.', input })
    expect(await callTool(tool, use, {})).toMatchObject({
      is_error: true,
      content: expect.stringContaining('does not fit'),
    })
    expect(await callTool(tool, { ...use, input: { a: 1 } }, {})).toMatchObject({
      is_error: true,
      content: 'The tool failed: tool.run is not a function',
    })
  })

  test.each([
    ['stopped after ten minutes, where nothing was said', {}, 600_000],
    ['stopped after its timeout', { timeoutMs: 5_000_000 }, 5_000_000],
  ])('is %s', async (_, traits, timeoutMs) => {
    vi.useFakeTimers()
    const result = callTool(toolOf(never, traits), use, {})
    await vi.advanceTimersByTimeAsync(timeoutMs - 1)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(await result).toMatchObject({
      is_error: true,
      content: expect.stringMatching(`^Stopped after ${timeoutMs} ms`),
    })
  })

  test.each([0, 2 ** 31, Number.POSITIVE_INFINITY])(
    'has all the time there is with a timeout of %d',
    async (timeoutMs) => {
      const tool = toolOf(() => soon('done'), { timeoutMs })
      expect(await callTool(tool, use, {})).toEqual({ type: 'tool_result', tool_use_id: 'toolu_1', content: 'done' })
    },
  )

  test('that is stopped may have had effects, unless its tool only reads', async () => {
    const stop = (traits: Partial<Tool>) => callTool(toolOf(never, { ...traits, timeoutMs: 1 }), use, {})
    expect((await stop({})).content).toBe('Stopped after 1 ms. It may have had effects: check before you repeat it.')
    expect((await stop({ readOnly: true })).content).toBe('Stopped after 1 ms.')
  })

  test('passes an abort on with its reason, and listens no more when it has ended', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const reasons: unknown[] = []
    const tool = toolOf((context) => {
      context.signal.addEventListener('abort', () => reasons.push(context.signal.reason))
      return never()
    })
    expect(
      await callTool(
        toolOf(() => 'done'),
        use,
        { signal },
      ),
    ).toMatchObject({ content: 'done' })
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    const result = callTool(tool, use, { signal })
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort('enough')
    expect(await result).toMatchObject({ is_error: true })
    expect(reasons).toEqual(['enough'])
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('reports nothing once it was stopped', async () => {
    const reports: unknown[] = []
    const tool = toolOf(
      ({ signal, progress }) => {
        signal.addEventListener('abort', () => progress('cleaning up'))
        progress('at work')
        return never()
      },
      { timeoutMs: 1 },
    )
    await callTool(tool, use, { onProgress: (data) => reports.push(data) })
    expect(reports).toEqual(['at work'])
  })

  test('is not made where it was aborted while its input was checked', async () => {
    const controller = new AbortController()
    const run = vi.fn()
    const validate = async () => {
      controller.abort()
      return { value: {} }
    }
    const tool = { ...toolOf(run), validate }
    expect(await callTool(tool, use, controller)).toMatchObject({ is_error: true })
    await new Promise((resolve) => setImmediate(resolve))
    expect(run).not.toHaveBeenCalled()
  })

  test('has its result cut at its tool’s own limit', async () => {
    const { content } = await callTool(
      toolOf(() => 'abcdef', { maxResultChars: 3 }),
      use,
      {},
    )
    expect(content).toBe('abc\n[Cut: 3 of 6 characters are shown.]')
  })

  test.each<[string, () => unknown, object]>([
    ['a promise of another make', () => thenable((resolve) => resolve('done')), { content: 'done' }],
    [
      'one that fails',
      () => thenable((_, reject) => reject(new Error('no'))),
      { is_error: true, content: 'The tool failed: no' },
    ],
    [
      'one that throws',
      () =>
        thenable(() => {
          throw new Error('no')
        }),
      { is_error: true, content: 'The tool failed: no' },
    ],
    [
      'a value that refers to itself',
      () => cyclic,
      { is_error: true, content: expect.stringMatching(/failed: .*circular/) },
    ],
    ['a value that cannot be read', () => unreadable, { is_error: true, content: 'The tool failed: no' }],
  ])('answers where a tool gives %s', async (_, give, expected) => {
    expect(await callTool(toolOf(give), use, {})).toMatchObject(expected)
  })

  test.each([[() => {}], [Symbol('x')]])('answers with nothing where a tool gives %s', async (value) => {
    expect(
      await callTool(
        toolOf(() => value),
        use,
        {},
      ),
    ).toEqual({ type: 'tool_result', tool_use_id: 'toolu_1' })
  })

  test('says what is wrong with input as a whole, and with a part that a schema names by an object', async () => {
    const issues = [{ message: 'is odd' }, { message: 'is bad', path: [{ key: 'a' }, 'b', 0] }]
    const tool = { ...toolOf(() => 'done'), validate: () => ({ issues }) }
    expect(await callTool(tool, use, {})).toMatchObject({
      is_error: true,
      content: expect.stringContaining('\n- input: is odd\n- a.b.0: is bad\n'),
    })
  })

  test('says the kind of an error that has no words', async () => {
    const tool = toolOf(() => {
      throw new RangeError()
    })
    expect(await callTool(tool, use, {})).toMatchObject({ content: 'The tool failed: RangeError' })
  })
})
