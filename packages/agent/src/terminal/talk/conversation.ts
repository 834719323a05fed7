import { visibleText } from '../../record/text/visible-text.ts'
import type { Session } from '../../session/session.ts'
import type { Pending } from '../../turn/agent-event.ts'
import type { Turn } from '../../turn/turn.ts'
import type { TerminalAgent } from '../open-agent.ts'
import type { Prompter } from '../prompter.ts'
import type { Paint } from '../screen/paint.ts'
import type { Screen } from '../screen/screen.ts'
import { describeCall, previewCall } from './describe-call.ts'
import { showTurn, turnSummary } from './show-turn.ts'

export interface Terminal {
  screen: Screen
  paint: Paint
  prompter: Prompter
}

/** A conversation that is under way: which session it is in can change. */
export interface Conversation extends TerminalAgent, Terminal {
  /** `undefined` before the first prompt of a new one. */
  session: Session | undefined
}

/** Opens a session, and goes on with what it had left to do. */
export async function resumeSession(talk: Conversation, id: string): Promise<void> {
  const session = await talk.agent.session({ id, resume: true })
  await talk.session?.close()
  talk.session = session
  const cost = session.cost ? `, $${session.cost.usd.toFixed(4)} so far` : ''
  talk.screen.show([talk.paint('quiet', visibleText(`Going on with ${session.title ?? id}${cost}`))])
  await goOn(talk, session)
}

export async function answerPrompt(talk: Conversation, prompt: string): Promise<void> {
  const title = prompt.split('\n', 1)[0]?.slice(0, 60)
  talk.session ??= await talk.agent.session({ title })
  const { session } = talk
  await show(talk, session, session.send(prompt, { budget: talk.budget }))
  await goOn(talk, session)
}

/** Asks about what waits, then shows what follows, until nothing is left to do. */
async function goOn(talk: Conversation, session: Session): Promise<void> {
  for (;;) {
    for (const pending of session.pending) if (!(await decide(talk, session, pending))) return
    const turn = session.continue({ budget: talk.budget })
    if (!turn) return
    await show(talk, session, turn)
  }
}

async function show(talk: Conversation, session: Session, turn: Turn): Promise<void> {
  const quiet = talk.prompter.onInterrupt(() => void session.interrupt('Ctrl-C'))
  try {
    const result = await showTurn(turn, talk)
    if (result.status !== 'waiting') talk.screen.show(['', talk.paint('quiet', turnSummary(result, session.cost?.usd))])
  } finally {
    quiet()
  }
}

/** @returns whether somebody has decided; else it goes on waiting */
async function decide(
  talk: Conversation,
  session: Session,
  { id, hash, name, input, kind }: Pending,
): Promise<boolean> {
  const { screen, paint, prompter, cwd } = talk
  if (kind !== 'approval') {
    const { questions = [] } = Object(input) as { questions?: { question: string; options?: { label: string }[] }[] }
    const answers: string[] = []
    for (const { question, options = [] } of questions) {
      screen.show([
        '',
        paint('asked', visibleText(question)),
        ...options.map(({ label }, n) => visibleText(`  ${n + 1}. ${label}`)),
      ])
      const said = await prompter.ask('  ')
      if (said === undefined) return false
      answers.push(`${question}\n> ${options[Number(said) - 1]?.label ?? said}`)
    }
    await session.decide(id, { allow: true, content: answers.join('\n\n') || 'Nobody is there who knows.', hash })
    return true
  }
  screen.show(['', paint('asked', describeCall(name, input, cwd)), ...previewCall(input).map((line) => `  ${line}`)])
  const said = await prompter.ask('  Allow it? [y]es, [a]lways, or no and why: ')
  if (said === undefined) return false
  const [word = ''] = said.trim().toLowerCase().split(/\s+/, 1)
  const allow = ['y', 'yes', 'a', 'always'].includes(word)
  const reason = ['', 'n', 'no'].includes(word) ? said.trim().slice(word.length).trim() : said.trim()
  await session.decide(id, { allow, always: allow && word.startsWith('a'), hash, ...(reason && !allow && { reason }) })
  return true
}
