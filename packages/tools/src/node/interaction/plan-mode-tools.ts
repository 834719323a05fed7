import { type EnterPlanModeInput, enterPlanModeDefinition } from '../../code/interaction/enter-plan-mode.ts'
import { type ExitPlanModeInput, exitPlanModeDefinition } from '../../code/interaction/exit-plan-mode.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool, ToolContext } from '../../define/tool.ts'

/** What somebody says to a plan. */
export interface PlanDecision {
  /** May the model now do as it planned? */
  approved: boolean
  /** What to heed, or to do otherwise. */
  feedback?: string | undefined
}

/** Options of the tools for plan mode. */
export interface PlanOptions {
  /**
   * Comes when the model wants to plan first; `false` refuses. Nothing here keeps the model from changing things while
   * it plans: whoever gives permissions can do so from here on. Default: it may.
   */
  onEnterPlanMode?: ((context: ToolContext) => boolean | undefined | Promise<boolean | undefined>) | undefined
  /**
   * Gets the plan and decides. It may take its time. Default: the model goes ahead, since nobody is there to decide.
   */
  onPlan?: ((plan: string, context: ToolContext) => PlanDecision | Promise<PlanDecision>) | undefined
}

/** The EnterPlanMode tool: the model asks to plan first. */
export function enterPlanModeTool({ onEnterPlanMode }: PlanOptions = {}): Tool<EnterPlanModeInput> {
  return defineTool({
    ...enterPlanModeDefinition,
    timeoutMs: 0,
    async run(_, context) {
      if ((await onEnterPlanMode?.(context)) === false) return 'Not now: do the work without showing a plan first.'
      return 'You are planning now: read and search, change nothing, and show the plan with ExitPlanMode.'
    },
  })
}

/** The ExitPlanMode tool: the model shows its plan and asks whether to go ahead. */
export function exitPlanModeTool({ onPlan }: PlanOptions = {}): Tool<ExitPlanModeInput> {
  return defineTool({
    ...exitPlanModeDefinition,
    timeoutMs: 0,
    async run({ plan }, context) {
      if (!onPlan) return 'Nobody is there to look at the plan: go ahead with it.'
      const { approved, feedback } = await onPlan(plan, context)
      const said = feedback ? ` The user says:\n${feedback}` : ''
      if (approved) return `The plan is approved: go ahead with it.${said}`
      return `The plan is not approved: change nothing, and go on planning.${said}`
    },
  })
}
