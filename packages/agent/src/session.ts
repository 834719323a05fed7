import {
  type Client,
  ConfigError,
  type Cost,
  costOf,
  type MessageParam,
  type MessageParams,
  type Usage,
} from '@enjamb/core'
import { addUsage, type ToolRun, type ToolRunEvent, type Toolset } from '@enjamb/tools'
import { type Bill, createBill } from './bill.ts'
import { type Turn, toTurn } from './turn.ts'

export interface SendOptions {
  signal?: AbortSignal | undefined
  /** Gets the text of the answers as it arrives, beside whoever reads the turn. */
  onText?: ((text: string) => void) | undefined
}

/** A conversation with an agent. It lives in memory. */
export interface Session {
  readonly id: string
  /** The history: at every moment one that the API accepts. */
  readonly messages: readonly MessageParam[]
  /** Summed over all requests of the session; `undefined` before the first reply. */
  readonly usage: Usage | undefined
  /** At list prices, summed over all requests; `undefined` where one of them has none, and before the first reply. */
  readonly cost: Cost | undefined
  /**
   * Asks, and lets the agent work until it has an answer.
   *
   * A turn before it that nobody has read is given up.
   *
   * @throws {ConfigError} the turn before is under way
   */
  send(prompt: string | MessageParam['content'], options?: SendOptions): Turn
}

export interface SessionSettings {
  client: Client
  params: Omit<MessageParams, 'messages' | 'tools'>
  tools: Toolset
  maxTurns: number | undefined
}

export function createSession({ client, params, tools, maxTurns }: SessionSettings): Session {
  const id = crypto.randomUUID()
  let history: readonly MessageParam[] = []
  let run: ToolRun | undefined
  let usage: Usage | undefined
  const total = createBill()

  const count = (event: ToolRunEvent, turn: Bill) => {
    if (event.type !== 'turn_end') return
    const { message } = event
    usage = addUsage(usage, message.usage)
    // Reply by reply: a sum of tokens may pass a limit beyond which they cost more, which no reply has passed.
    for (const bill of [total, turn]) bill.add(costOf(message.model, message.usage))
  }
  // A turn that was given up before it was sent has left no trace.
  const messages = () => (run && run.state !== 'idle' ? run.messages : history)

  return {
    id,
    get messages() {
      return messages()
    },
    get usage() {
      return usage
    },
    get cost() {
      return total.cost
    },
    send(prompt, { signal, onText } = {}) {
      if (run?.state === 'running') {
        throw new ConfigError('The turn before has not ended: read it to its end, or abort it.')
      }
      history = messages()
      // A turn that nobody has read yet gives way: nothing of it was sent.
      run?.abort()
      const bill = createBill()
      const question = { role: 'user', content: prompt } as MessageParam
      const next = tools.run(
        client,
        { ...params, messages: [...history, question] },
        {
          maxTurns,
          signal,
          onEvent: (event) => {
            count(event, bill)
            if (onText && event.type === 'stream' && event.event.type === 'content_block_delta') {
              if (event.event.delta.type === 'text_delta') onText(event.event.delta.text)
            }
          },
        },
      )
      run = next
      return toTurn(next, bill, () => {
        if (run === next && next.state === 'idle') run = undefined
      })
    },
  }
}
