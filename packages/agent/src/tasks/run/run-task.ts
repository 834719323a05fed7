import type { PromptEntry } from '../../journal/entry.ts'
import { type JournaledSession, openJournaled } from '../../session/open-session.ts'
import { toTheEnd } from '../../session/to-the-end.ts'
import { sessionCap } from '../../subagents/session-cap.ts'
import type { NearlySpent, SpendCap } from '../../subagents/spend-cap.ts'
import type { Turn } from '../../turn/turn.ts'
import type { TaskPlan } from '../plan-task.ts'
import { type TaskStep, taskSteps } from '../task-step.ts'
import { askUntilItFits } from './ask-until-it-fits.ts'
import type { Deadline } from './deadline.ts'
import { type Outcome, outcomeOf, outcomeOfError } from './outcome.ts'
import { watchRetries } from './watch-retries.ts'

/** What a task is worked at with. */
export interface TaskWork {
  deadline: Deadline
  /** A cap that it shares with others. */
  within: SpendCap | undefined
  beforeEffect: (() => Promise<void>) | undefined
  emit(step: TaskStep): void
}

const promptId = 'task'

/** Works at a task until it has come to something; whatever happens is an outcome. */
export async function runTask(plan: TaskPlan, { deadline, within, beforeEffect, emit }: TaskWork): Promise<Outcome> {
  const { id, description, prompt, options, settings } = plan
  const { maxCost, schema, decisions = {} } = options
  const { signal } = deadline
  const notices: PromptEntry[] = []
  const toEvents = taskSteps()
  let opened: JournaledSession | undefined
  let cap = within

  async function follow(turn: Turn<unknown>) {
    for await (const event of turn) for (const one of toEvents(event)) emit(one)
    return turn.final()
  }

  async function work({ session, journal }: JournaledSession): Promise<Outcome> {
    for (const { id } of session.pending) if (decisions[id]) await session.decide(id, decisions[id])
    const onNearlySpent = (why: NearlySpent) => notices.push(nearlySpent(maxCost!, why))
    if (maxCost !== undefined) cap = await sessionCap(maxCost, journal, { within, onNearlySpent })
    const turnOptions = { signal, schema, budget: watchRetries(cap, emit) }
    const result = await askUntilItFits((prompt) => toTheEnd(session, prompt, turnOptions, follow), {
      id: promptId,
      prompt,
    })
    return outcomeOf(result, deadline)
  }

  let outcome: Outcome
  try {
    const title = description.trim().split('\n')[0]!.slice(0, 80)
    opened = await openJournaled({ id, title, resume: 'if-exists' }, { ...settings, notices, beforeEffect })
    outcome = await work(opened)
  } catch (error) {
    outcome = outcomeOfError(error, deadline)
  }
  try {
    await cap?.settled().catch(() => {})
    await opened?.session.close()
  } catch (error) {
    if (outcome.status === 'completed') outcome = outcomeOfError(error, deadline)
  }
  const { usage, cost } = opened?.session ?? {}
  const costAtMost = maxCost === undefined ? undefined : (opened?.journal.state.spentAtMost ?? 0) / 1e9
  return { ...outcome, usage, cost, costAtMost, choice: opened?.journal.state.choice }
}

function nearlySpent(maxCost: number, why: NearlySpent): PromptEntry {
  const fact = {
    spent: `80 % of the $${maxCost} that this task may cost are spent.`,
    'no room': `The $${maxCost} that this task may cost have room for few more requests.`,
  }[why]
  const content = `[A notice, not from the user] ${fact} Come to an end: do what matters most, and say what you have and what is left.`
  return { type: 'prompt', id: `spent-${crypto.randomUUID()}`, content, by: 'enjamb' }
}
