import { messageText } from '@enjamb/chat'
import type { Message, MessageParam } from '@enjamb/core'
import type { FoundChange, PromptEntry } from '../../journal/entry.ts'
import type { Journal } from '../../journal/journal.ts'
import type { JournaledSession } from '../../session/journaled-session.ts'
import { openJournaled } from '../../session/open-session.ts'
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
  /** What is found of the files when it has ended. */
  lookAtFiles(): Promise<FoundChange[]>
}

const promptId = 'task'

/** Works at a task until it has come to something; whatever happens is an outcome. */
export async function runTask(plan: TaskPlan, task: TaskWork): Promise<Outcome> {
  const { deadline, within, beforeEffect, emit } = task
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
    const { status, error } = journal.state.task ?? {}
    // What was over in the middle of something stays over.
    if (status === 'timeout' || status === 'aborted') {
      return { status, text: lastText(journal.state.messages), pending: [], ...(error && { error }) }
    }
    for (const { id } of session.pending) if (decisions[id]) await session.decide(id, decisions[id])
    const onNearlySpent = (why: NearlySpent) => {
      const notice = nearlySpent(maxCost!, why)
      if (!journal.state.prompts.has(notice.id)) notices.push(notice)
    }
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
    if (opened) await writeEnd(opened.journal, outcome, task)
    await opened?.session.close()
  } catch (error) {
    if (outcome.status === 'completed') outcome = outcomeOfError(error, deadline)
  }
  const { usage, cost } = opened?.session ?? {}
  const costAtMost = maxCost === undefined ? undefined : (opened?.journal.state.spentAtMost ?? 0) / 1e9
  return { ...outcome, usage, cost, costAtMost, choice: opened?.journal.state.choice }
}

/** Says how it ended, for whoever asks again. */
async function writeEnd({ state, append }: Journal, { status, error }: Outcome, task: TaskWork): Promise<void> {
  if (state.task) return
  const files = await task.lookAtFiles()
  // Who has lost the session has said so already.
  await append({ type: 'task', status, ...(error && { error }), files }).catch(() => {})
}

function lastText(messages: readonly MessageParam[]): string {
  const { content = '' } = messages.findLast(({ role }) => role === 'assistant') ?? {}
  return typeof content === 'string' ? content : messageText({ content } as Message)
}

function nearlySpent(maxCost: number, why: NearlySpent): PromptEntry {
  const fact = {
    spent: `80 % of the $${maxCost} that this task may cost are spent.`,
    'no room': `The $${maxCost} that this task may cost have room for few more requests.`,
  }[why]
  const content = `[A notice, not from the user] ${fact} Come to an end: do what matters most, and say what you have and what is left.`
  return { type: 'prompt', id: `spent-${maxCost}`, content, by: 'enjamb' }
}
