import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to EnterPlanMode. */
export type EnterPlanModeInput = InputOf<typeof enterPlanModeDefinition.input>

/** EnterPlanMode: from here on, look and think before anything is changed. */
export const enterPlanModeDefinition = {
  name: 'EnterPlanMode',
  description: [
    'Asks to plan before changing anything. Use it for work that can be done in ways that differ much, or that touches a lot, when it is better to agree on the way first.',
    'While you plan, read and search but change nothing. Then show the plan with ExitPlanMode.',
  ].join('\n'),
  input: defineInput({ type: 'object', properties: {} }),
}
