import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import type { Session, Turn } from '@enjamb/agent'
import { isEnjambError } from '@enjamb/core'
import { note, printTurn, title } from './print.ts'

/**
 * Talks to whoever sits at the terminal, until an empty line or Ctrl-D. Ctrl-C ends the answer that is being given, and the talk
 * where there is none; an answer that fails ends nothing.
 */
export async function converse(session: Session): Promise<void> {
  title('Your turn')
  note('Ask something; an empty line ends.')
  const terminal = createInterface({ input: stdin, output: stdout })
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  let turn: Turn | undefined
  terminal.on('SIGINT', () => {
    if (turn) void session.interrupt()
    else terminal.close()
  })
  for (;;) {
    const line = (await Promise.race([terminal.question('> ').catch(() => ''), closed])).trim()
    if (!line) break
    try {
      turn = session.send(line)
      await printTurn(turn)
      if ((await turn.final()).status === 'interrupted') note('\nInterrupted.')
    } catch (error) {
      if (!isEnjambError(error)) throw error
      note(error.message)
    }
    turn = undefined
  }
  terminal.close()
}
