import {
  type Client,
  ConfigError,
  type Cost,
  costOf,
  type MessageParam,
  type MessageParams,
  sumCosts,
  type Usage,
} from '@enjamb/core'
import { addUsage, type ToolRun, type Toolset } from '@enjamb/tools'
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

type Spending = Pick<ToolRun, 'usage' | 'cost'>

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
  const earlier: Spending[] = []
  // A turn without a reply has cost nothing that is known of.
  const spending = () => [...earlier, ...(run ? [run] : [])].filter(({ usage }) => usage)
  // A turn that was given up before it was sent has left no trace.
  const messages = () => (run && run.state !== 'idle' ? run.messages : history)

  return {
    id,
    get messages() {
      return messages()
    },
    get usage() {
      return spending().reduce<Usage | undefined>((sum, { usage }) => addUsage(sum, usage!), undefined)
    },
    get cost() {
      return sumCosts(spending().map(({ cost }) => cost))
    },
    send(prompt, { signal, onText } = {}) {
      if (run?.state === 'running') {
        throw new ConfigError('The turn before has not ended: read it to its end, or abort it.')
      }
      history = messages()
      // A turn that nobody has read yet gives way: nothing of it was sent.
      run?.abort()
      if (run) earlier.push({ usage: run.usage, cost: run.cost })
      const question = { role: 'user', content: prompt } as MessageParam
      const next = tools.run(
        client,
        { ...params, messages: [...history, question] },
        {
          maxTurns,
          signal,
          costOf,
          onEvent: (event) => {
            if (onText && event.type === 'stream' && event.event.type === 'content_block_delta') {
              if (event.event.delta.type === 'text_delta') onText(event.event.delta.text)
            }
          },
        },
      )
      run = next
      return toTurn(next, () => {
        if (run === next && next.state === 'idle') run = undefined
      })
    },
  }
}
