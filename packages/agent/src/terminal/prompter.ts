import { createInterface } from 'node:readline/promises'

/** The keyboard of a terminal, until it is disposed. */
export interface Prompter extends Disposable {
  /** A line; `undefined` when there will be none, after Ctrl-C or Ctrl-D. */
  ask(question: string): Promise<string | undefined>
  /** Hears Ctrl-C, until what it returns is called. */
  onInterrupt(listener: () => void): () => void
}

export interface PrompterStreams {
  input: NodeJS.ReadStream
  output: NodeJS.WriteStream
}

/** As a terminal in raw mode gives it. */
const ctrlC = 3

/**
 * Takes the keyboard for the whole time: what is typed while nobody asks is not shown amid an answer, but kept for the
 * next question.
 */
export function createPrompter({ input, output }: PrompterStreams): Prompter {
  const history: string[] = []
  const typed: Uint8Array[] = []
  let interrupt: (() => void) | undefined
  const hear = (chunk: Uint8Array) => {
    if (interrupt && chunk.includes(ctrlC)) interrupt()
    else typed.push(chunk)
  }
  const listen = () => {
    input.setRawMode?.(true)
    input.on('data', hear).resume()
  }
  const leave = () => {
    input.off('data', hear).pause()
    input.setRawMode?.(false)
  }
  listen()
  return {
    async ask(question) {
      if (input.readableEnded) return undefined
      leave()
      const line = createInterface({ input, output, history: [...history], historySize: 200 })
      try {
        const ended = new Promise<undefined>((resolve) => line.once('close', () => resolve(undefined)))
        const asking = line.question(question).catch(() => undefined)
        for (const chunk of typed.splice(0).reverse()) input.unshift(chunk)
        const answer = await Promise.race([asking, ended])
        if (answer === undefined) output.write('\n')
        else if (answer.trim()) history.unshift(answer)
        return answer
      } finally {
        line.close()
        listen()
      }
    },
    onInterrupt(listener) {
      interrupt = listener
      return () => {
        interrupt = undefined
      }
    },
    [Symbol.dispose]: leave,
  }
}
