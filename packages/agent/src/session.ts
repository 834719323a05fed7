import {
  type Client,
  ConfigError,
  type Cost,
  type MessageParam,
  type MessageParams,
  type Usage,
  type UserMessageParam,
} from '@enjamb/core'
import { type AroundCall, limitMedia, type ToolRun, type ToolRunEvent, type Toolset } from '@enjamb/tools'
import { createTally } from './tally.ts'
import { type Turn, toTurn } from './turn.ts'

/** What one turn takes beside its prompt. */
export interface SendOptions {
  signal?: AbortSignal | undefined
  /**
   * Gets the text of the answers as it arrives, beside whoever reads the turn. What it throws ends the turn; a promise of
   * its is not waited for, and ends the turn where it is rejected in time.
   */
  onText?: ((text: string) => void) | undefined
}

/** A conversation with an agent. It lives in memory. */
export interface Session {
  readonly id: string
  /**
   * The history: at every moment one that the API accepts. A turn that ends before a reply has begun leaves no trace in
   * it, for its prompt may be what the API refused: to try again, send it again.
   */
  readonly messages: readonly MessageParam[]
  /** Summed over all requests of the session, those of its tools included; `undefined` before the first reply. */
  readonly usage: Usage | undefined
  /** At list prices, summed over the same requests; `undefined` where one of them has none, and before the first reply. */
  readonly cost: Cost | undefined
  /**
   * Asks, and lets the agent work until it has an answer.
   *
   * A turn before it that nobody has read is given up.
   *
   * @throws {ConfigError} the prompt is empty, or the turn before is under way
   */
  send(prompt: UserMessageParam['content'], options?: SendOptions): Turn
}

export interface SessionSettings {
  client: Client
  params: Omit<MessageParams, 'messages' | 'tools'>
  tools: Toolset
  maxTurns: number
  permission: AroundCall | undefined
}

export function createSession({ client, params, tools, ...options }: SessionSettings): Session {
  const id = crypto.randomUUID()
  let history: readonly MessageParam[] = []
  let run: ToolRun | undefined
  const tally = createTally()
  const beforeTurn = limitMedia()
  const messages = () => (run?.message || run?.state === 'running' ? run.messages : history)

  return {
    id,
    get messages() {
      return messages()
    },
    get usage() {
      return tally.usage
    },
    get cost() {
      return tally.cost
    },
    send(prompt, { signal, onText } = {}) {
      if (!prompt?.length) throw new ConfigError('The prompt must be a text or blocks, and not empty.')
      if (run?.state === 'running') {
        throw new ConfigError('The turn before has not ended: read it to its end, or await its abort().')
      }
      history = messages()
      // A turn that nobody has read yet gives way: nothing of it was sent.
      run?.abort()
      // A copy, for whoever made the list may use it again.
      const content = typeof prompt === 'string' ? prompt : [...prompt]
      const onEvent = (event: ToolRunEvent) => {
        const text = toText(event)
        // Given back, as it may be a promise.
        return text === undefined ? undefined : onText?.(text)
      }
      const settings = { ...options, beforeTurn, signal, costOf: tally.costOf, onEvent }
      const next = tools.run(client, { ...params, messages: [...history, { role: 'user', content }] }, settings)
      run = next
      return toTurn(next, () => {
        if (run === next && next.state === 'idle') run = undefined
      })
    },
  }
}

function toText(event: ToolRunEvent): string | undefined {
  if (event.type !== 'stream' || event.event.type !== 'content_block_delta') return undefined
  const { delta } = event.event
  return delta.type === 'text_delta' ? delta.text : undefined
}
