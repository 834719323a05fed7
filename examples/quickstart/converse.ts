import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import type { Session } from '@enjamb/agent'
import { isEnjambError } from '@enjamb/core'
import { note, printTurn, title } from './print.ts'

/** Talks to whoever sits at the terminal, until an empty line, Ctrl-C or Ctrl-D. A failed answer does not end the talk. */
export async function converse(session: Session): Promise<void> {
  title('Your turn')
  note('Ask something; an empty line ends.')
  const terminal = createInterface({ input: stdin, output: stdout })
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  terminal.on('SIGINT', () => terminal.close())
  for (;;) {
    const line = (await Promise.race([terminal.question('> ').catch(() => ''), closed])).trim()
    if (!line) break
    try {
      await printTurn(session.send(line))
    } catch (error) {
      if (!isEnjambError(error)) throw error
      note(error.message)
    }
  }
  terminal.close()
}
