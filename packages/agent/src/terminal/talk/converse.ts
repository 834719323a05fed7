import { visibleText } from '../../record/text/visible-text.ts'
import { lastSession, type TerminalAgent } from '../open-agent.ts'
import type { Arguments } from '../read-arguments.ts'
import { runCommand } from './commands.ts'
import { answerPrompt, type Conversation, resumeSession, type Terminal } from './conversation.ts'

/** Asks for prompts and shows answers, until nobody asks any more. */
export async function converse(args: Arguments, terminal: Terminal, working: TerminalAgent): Promise<void> {
  const { screen, paint, prompter } = terminal
  const talk: Conversation = { ...working, ...terminal, session: undefined }
  const say = (text: string) => screen.show(text.split('\n'))
  try {
    const id = args.resume ?? (args.continue ? await lastSession(working) : undefined)
    if (args.continue && id === undefined)
      say(paint('quiet', 'There is no session of this folder yet: this is the first.'))
    if (id !== undefined) await resumeSession(talk, id)
    let prompt: string | undefined = args.prompt.trim() || (await prompter.ask('\n> '))
    for (; prompt !== undefined; prompt = await prompter.ask('\n> ')) {
      const text = prompt.trim()
      if (!text) continue
      if (text === '/quit' || text === '/exit') break
      try {
        if (text.startsWith('/')) await runCommand(text, talk)
        else await answerPrompt(talk, text)
      } catch (error) {
        say(paint('bad', visibleText(error instanceof Error ? error.message : String(error))))
      }
    }
  } finally {
    const { session } = talk
    await session?.close()
    if (session) say(paint('quiet', `To go on: npx @enjamb/agent --resume ${session.id}`))
  }
}
