import { describe, expect, it } from 'vitest'
import { gate } from '../../../test/mock-run.ts'
import { callOne } from '../../../test/one-tool.ts'
import { enterPlanModeTool, exitPlanModeTool } from './plan-mode-tools.ts'

describe('entering plan mode', () => {
  it('is allowed unless somebody refuses', async () => {
    for (const onEnterPlanMode of [undefined, () => true, () => undefined, async () => true]) {
      expect((await callOne(enterPlanModeTool({ onEnterPlanMode }), {})).text).toContain('change nothing')
    }
    expect((await callOne(enterPlanModeTool({ onEnterPlanMode: async () => false }), {})).text).toContain('Not now')
  })
})

describe('leaving plan mode', () => {
  it('goes ahead where nobody is there to decide', async () => {
    expect((await callOne(exitPlanModeTool(), { plan: '1. Do it.' })).text).toContain('go ahead')
  })

  it('shows the plan, and tells the model what is decided', async () => {
    const plans: string[] = []
    const say = (approved: boolean, feedback?: string) =>
      exitPlanModeTool({
        onPlan: async (plan) => {
          plans.push(plan)
          return { approved, feedback }
        },
      })
    expect((await callOne(say(true), { plan: ' 1. Do it. ' })).text).toBe('The plan is approved: go ahead with it.')
    expect((await callOne(say(true, 'Test it.'), { plan: 'A' })).text).toMatch(/go ahead.*\nTest it\.$/)
    expect((await callOne(say(false, 'Smaller!'), { plan: 'B' })).text).toMatch(
      /not approved: change nothing.*\nSmaller!$/,
    )
    expect(plans).toEqual(['1. Do it.', 'A', 'B'])
  })

  it('fails, and approves of nothing, when whoever decides throws', async () => {
    const fail = () => {
      throw new Error('the window was closed')
    }
    const tools = [exitPlanModeTool({ onPlan: fail }), enterPlanModeTool({ onEnterPlanMode: fail })]
    for (const tool of tools) {
      expect(await callOne(tool, { plan: 'A' })).toEqual({
        isError: true,
        text: 'The tool failed: the window was closed',
      })
    }
  })

  it('waits as long as it takes, or until it is aborted', async () => {
    const controller = new AbortController()
    const shown = gate()
    const heard = gate()
    const tool = exitPlanModeTool({
      onPlan: (_, { signal }) => {
        signal.addEventListener('abort', heard.open)
        shown.open()
        return new Promise(() => {})
      },
    })
    expect(tool.timeoutMs).toBe(0)
    const called = callOne(tool, { plan: 'A' }, controller.signal)
    await shown.opened
    controller.abort()
    expect(await called).toMatchObject({ isError: true })
    await heard.opened
  })

  it.each([{}, { plan: '' }, { plan: ' ' }, { plan: 5 }, { plan: 'x'.repeat(100_001) }])(
    'refuses input %#',
    async (input) => {
      expect(await callOne(exitPlanModeTool(), input)).toMatchObject({ isError: true })
    },
  )
})
