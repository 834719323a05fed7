import { setImmediate } from 'node:timers/promises'
import type { TurnSpec } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import fc from 'fast-check'
import type { AgentOptions, Session, Turn, TurnResult } from '../src/index.ts'

const input = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } as const

/**
 * Tools that read, change something, fail, hang until they are stopped, and one that somebody else makes.
 *
 * @param stop ends the turn in which one hangs, when all else in it has had its time
 */
export function createTools(made: string[], stop: () => void) {
  const hang = async (signal: AbortSignal) => {
    for (let rounds = 0; rounds < 40 && !signal.aborted; rounds++) await setImmediate()
    if (!signal.aborted) stop()
    await new Promise((_, reject) => {
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', reject)
    })
  }
  const define = (name: string, readOnly: boolean, run: (signal: AbortSignal) => unknown) =>
    defineTool({
      name,
      description: 'Works.',
      input,
      readOnly,
      run(_, { signal, idempotencyKey }) {
        made.push(idempotencyKey)
        return run(signal)
      },
    })
  return [
    define('look', true, () => 'seen'),
    define('write', false, () => setImmediate('written')),
    define('pay', false, () => 'paid'),
    define('fail', false, () => Promise.reject(new Error('no luck'))),
    define('wait', true, hang),
    defineTool({ name: 'hand', description: 'Is made elsewhere.', input }),
    { type: 'web_search_20250305', name: 'web_search' } as const,
  ]
}

export const permission: AgentOptions['permission'] = ({ name }) => (name === 'pay' ? { defer: true } : { allow: true })

/** They add to all that the model reads. */
export const hooks: AgentOptions['hooks'] = {
  prompt: ({ content }) => (String(content).length % 2 ? { context: 'It is Monday.' } : undefined),
  beforeTurn: ({ request, messages }) => (messages.length % 3 ? { context: `This is request ${request}.` } : undefined),
  afterTool: ({ name }) => (name === 'write' ? { context: 'Mind the format.' } : undefined),
}

let ids = 0
export const reply = fc
  .record({
    thinks: fc.boolean(),
    says: fc.boolean(),
    searches: fc.constantFrom(undefined, undefined, 'whole' as const, 'open' as const),
    calls: fc.array(
      fc.record({
        name: fc.constantFrom('look', 'look', 'write', 'pay', 'hand', 'fail', 'wait', 'missing'),
        input: fc.constantFrom({ n: 1 }, { n: 2 }, { n: 'one' }),
        // Some gateways count.
        counts: fc.constantFrom(false, false, true),
      }),
      { maxLength: 3 },
    ),
    pauses: fc.boolean(),
    breaks: fc.oneof(
      { weight: 6, arbitrary: fc.constant({}) },
      fc.record({ cutAfterEvents: fc.nat(25) }),
      fc.record({ error: fc.record({ status: fc.constantFrom(429, 500, 529), afterEvents: fc.nat(25) }) }),
      fc.record({ error: fc.constantFrom(429, 529, 500) }),
      fc.record({ stopReason: fc.constantFrom('max_tokens' as const, 'refusal' as const) }),
    ),
  })
  .map(({ thinks, says, searches, calls, pauses, breaks }): TurnSpec => {
    const id = `srvtoolu_${++ids}`
    const toolCalls = calls.map(({ counts, ...call }, n) => ({ ...call, ...(counts && { id: `call_${n}` }) }))
    const content = [
      ...(says ? [{ type: 'text', text: 'Let me see.' }] : []),
      ...(searches
        ? [
            { type: 'server_tool_use', id, name: 'web_search', input: { query: 'x' } },
            ...(searches === 'whole' ? [{ type: 'web_search_tool_result', tool_use_id: id, content: [] }] : []),
          ]
        : []),
      ...toolCalls.map((call) => ({ type: 'tool_use', ...call })),
    ]
    if (searches) return { content, ...(pauses && !calls.length && { stopReason: 'pause_turn' }), ...breaks }
    return { ...(thinks && { thinking: 'Hm.' }), ...(says && { text: 'Let me see.' }), toolCalls, ...breaks }
  })

export const step = fc.record({
  how: fc.constantFrom('wait', 'wait', 'wait', 'signal', 'interrupt', 'leave', 'throw', 'steer', 'again'),
  at: fc.nat(30),
  decides: fc.constantFrom('allow', 'deny', 'input', 'skip'),
  reopens: fc.boolean(),
})
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Makes a turn in the way of a step; what it throws is given back. */
async function take(session: Session, turn: Turn, { how, at }: Step): Promise<TurnResult | Error> {
  let events = 0
  try {
    const result = turn.final()
    result.catch(() => {})
    for await (const _ of turn) {
      if (events++ !== at) continue
      if (how === 'interrupt') void session.interrupt('enough')
      // Where it comes too late for this turn, nobody reads it, and it never begins.
      if (how === 'steer') session.send('And hurry.', { when: 'now' })
      if (how === 'leave') break
    }
    return await result
  } catch (error) {
    return error as Error
  }
}

/**
 * Does what the steps say, and asks once more in the end: whatever has been, it goes on.
 *
 * @param check is told what became of each turn
 */
export async function playSteps(
  session: () => Session,
  steps: readonly Step[],
  check: (result: TurnResult | Error) => Promise<void>,
): Promise<void> {
  for (const [n, step] of steps.entries()) {
    const controller = new AbortController()
    const onText = (() => {
      let pieces = 0
      return () => {
        if (step.how === 'signal' && pieces === step.at % 4) controller.abort('signal')
        if (step.how === 'throw' && pieces === step.at % 4) throw new Error('the listener')
        pieces++
      }
    })()
    const id = `p${step.how === 'again' ? Math.max(0, n - 1) : n}`
    const turn = session().send(`Ask ${n}.`, { id, signal: controller.signal, onText, when: 'now' })
    await check(await take(session(), turn, step))
    while (session().status === 'waiting' && step.decides !== 'skip') {
      let next: Turn | undefined
      for (const { id, kind, hash } of session().pending) {
        const say =
          step.decides === 'deny'
            ? { allow: false }
            : { allow: true, ...(step.decides === 'input' && { input: { n: 3 } }) }
        next = await session().decide(id, kind === 'approval' ? { ...say, hash } : { content: 'handed' })
      }
      await check(await take(session(), next!, { ...step, how: 'wait' }))
    }
  }
  // Whatever has been, it goes on.
  const turn = session().send('Are you there?', { when: 'now' })
  const result = await take(session(), turn, { how: 'wait', at: 0, decides: 'skip', reopens: false })
  await check(result)
}
