import { text } from 'node:stream/consumers'
import type { Session } from '../session/session.ts'
import type { Turn } from '../turn/turn.ts'
import { lastSession, type TerminalAgent } from './open-agent.ts'
import type { Arguments } from './read-arguments.ts'

export interface PrintStreams {
  input: NodeJS.ReadStream
  output: { write(text: string): unknown }
  complain(line: string): void
}

/**
 * One answer for a script: its text, or with `json` each event as a line.
 *
 * @returns the exit code: 0 where the turn was completed, else 3
 */
export async function printAnswer(args: Arguments, working: TerminalAgent, streams: PrintStreams): Promise<number> {
  const { output, complain } = streams
  const piped = streams.input.isTTY ? '' : (await text(streams.input)).trim()
  const prompt = [args.prompt, piped].filter(Boolean).join('\n\n')
  await using session = await open(args, working)
  const turn: Turn | undefined = prompt
    ? session.send(prompt, { budget: working.budget })
    : session.continue({ budget: working.budget })
  if (!turn) throw new Error('There is nothing to answer: give a prompt, or pipe one in.')
  const stop = () => void session.interrupt('SIGINT')
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    let ended = true
    for await (const event of turn) {
      if (args.json) output.write(`${JSON.stringify(event)}\n`)
      else if (event.type === 'text') {
        output.write(event.text)
        ended = event.text.endsWith('\n')
      } else if (event.type === 'reply' && !ended) {
        output.write('\n')
        ended = true
      }
    }
    const { status, reason } = await turn.final()
    if (status === 'completed') return 0
    complain(`The answer is not complete: ${status}${reason ? `, ${reason}` : ''}.`)
    return 3
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

async function open(args: Arguments, working: TerminalAgent): Promise<Session> {
  const id = args.resume ?? (args.continue ? await lastSession(working) : undefined)
  return working.agent.session(
    id === undefined ? { title: args.prompt.slice(0, 60) || undefined } : { id, resume: true },
  )
}
