import {
  ConfigError,
  type ContentBlockParam,
  checkOptions,
  isEnjambError,
  type MessageParam,
  withReply,
} from '@enjamb/core'
import type { Chat } from '../chat.ts'
import type { Reply } from '../reply.ts'
import type { ReplyStream } from '../reply-stream.ts'
import { chatOptionNames } from '../request/chat-option-names.ts'
import type { ChatOptions } from '../request/chat-options.ts'
import { toMessages } from '../to-messages.ts'

/** A conversation at one moment; it is never changed, so that two of the same identity are the same. */
export interface ConversationSnapshot {
  /** What was said, the question that is being answered included: at every moment a history that the API accepts. */
  readonly messages: readonly MessageParam[]
  /** `waiting` for the first text of an answer, `streaming` it, `error` where it failed, and else `ready`. */
  readonly status: 'ready' | 'waiting' | 'streaming' | 'error'
  /** The text of the answer so far, while it arrives, and where it failed; then it is among the messages. */
  readonly answer: string
  /** The last answer; its `stopReason` says whether it was refused or cut off. */
  readonly reply: Reply | undefined
  /** Why the last answer failed. */
  readonly error: unknown
}

/** Options of {@link conversation}: those of its calls, too. */
export interface ConversationOptions extends Omit<ChatOptions, 'signal'> {
  /** What was said before, as `save` was given it. */
  messages?: readonly MessageParam[] | undefined
  /** Keeps the messages whenever they have changed: with a question, and with its answer. Where it fails, the answer does. */
  save?: ((messages: readonly MessageParam[]) => unknown) | undefined
}

/** A conversation that is yours: its messages in memory, and whoever shows them told of each change. */
export interface Conversation {
  /**
   * Asks, and gives the reply; nothing where it was stopped or failed, which the snapshot says.
   *
   * @throws {ConfigError} it is still answering
   */
  send(content: MessageParam['content'], options?: ChatOptions): Promise<Reply | undefined>
  /** Ends the answer that is arriving; what has come of it is kept. */
  stop(reason?: unknown): void
  /** Asks the last question again, whatever came of it. @throws {ConfigError} there is none, or it is still answering */
  retry(options?: ChatOptions): Promise<Reply | undefined>
  /**
   * Asks something else in place of an earlier question, and forgets what followed it.
   *
   * @param index the question's place in `messages`
   * @throws {ConfigError} there is no question, or it is still answering
   */
  edit(index: number, content: MessageParam['content'], options?: ChatOptions): Promise<Reply | undefined>
  /** Calls back after each change, until what it gives is called. Its two fit React's `useSyncExternalStore`, and Svelte's and Solid's. */
  subscribe(listener: () => void): () => void
  getSnapshot(): ConversationSnapshot
}

/**
 * Keeps what is said in a chat, for an interface that shows it: no framework, and no copy of the history for each piece
 * of text. Where the chat is one of `withAuto`, the model of the first answer stays.
 *
 * @throws {ConfigError} an option is misspelt
 * @example
 * const talk = conversation(createChat(), { save: (messages) => localStorage.setItem('talk', JSON.stringify(messages)) })
 * talk.subscribe(() => render(talk.getSnapshot()))
 * await talk.send('Name a river.')
 */
export function conversation(chat: Chat, options: ConversationOptions = {}): Conversation {
  // A misspelt one would keep nothing.
  checkOptions('conversation', options, [...chatOptionNames, 'messages', 'save'])
  const { messages: before = [], save, ...defaults } = options
  const listeners = new Set<() => void>()
  let snapshot: ConversationSnapshot = {
    messages: [...before],
    status: 'ready',
    answer: '',
    reply: undefined,
    error: undefined,
  }
  let current: ReplyStream | undefined
  let stopped = false
  let model: string | undefined

  const set = (changes: Partial<ConversationSnapshot>) => {
    snapshot = { ...snapshot, ...changes }
    for (const listener of [...listeners]) listener()
  }

  async function ask(messages: MessageParam[], call: ChatOptions = {}): Promise<Reply | undefined> {
    if (current) throw new ConfigError('A conversation answers one question at a time: stop() it first.')
    stopped = false
    let own: ReplyStream | undefined
    try {
      own = chat.stream(messages, { ...defaults, ...(model && { model }), ...call })
      current = own
      set({ messages, status: 'waiting', answer: '', reply: undefined, error: undefined })
      await save?.(messages)
      for await (const piece of own.text()) set({ status: 'streaming', answer: snapshot.answer + piece })
      const reply = await own.final()
      model ??= (reply as { choice?: { model: string } }).choice?.model
      await settle(toMessages(reply), reply)
      return reply
    } catch (error) {
      if (stopped) await settle(kept(messages, own, error)).catch(fail)
      else fail(error)
    }
    return undefined
  }

  function fail(error: unknown): void {
    // Listeners may ask again.
    current = undefined
    set({ status: 'error', error })
  }

  async function settle(messages: MessageParam[], reply?: Reply): Promise<void> {
    await save?.(messages)
    // Listeners may ask the next question.
    current = undefined
    set({ messages, status: 'ready', answer: '', reply })
  }

  const questionAt = (index: number): MessageParam[] => {
    if (!isQuestion(snapshot.messages[index]))
      throw new ConfigError(`There is no question at ${index} of the messages.`)
    return snapshot.messages.slice(0, index)
  }

  return {
    send: (content, call) => ask([...snapshot.messages, { role: 'user', content }], call),
    stop(reason) {
      stopped = true
      current?.abort(reason)
    },
    async retry(call) {
      const index = snapshot.messages.findLastIndex(isQuestion)
      return ask([...questionAt(index), snapshot.messages[index]!], call)
    },
    edit: async (index, content, call) => ask([...questionAt(index), { role: 'user', content }], call),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    getSnapshot: () => snapshot,
  }
}

/** What of a stopped answer can stay in the history. */
function kept(messages: MessageParam[], stream: ReplyStream | undefined, error: unknown): MessageParam[] {
  const run = stream?.source as { messages?: MessageParam[] } | undefined
  // A run of tools keeps it by itself.
  if (run?.messages) return run.messages
  const content = isEnjambError(error) ? error.partial?.content : undefined
  return content ? withReply(messages, content as ContentBlockParam[], () => false, true) : messages
}

/** Results of tools ask nothing. */
function isQuestion(message: MessageParam | undefined): boolean {
  const { role, content } = message ?? {}
  return role === 'user' && !(Array.isArray(content) && content.every(({ type }) => type === 'tool_result'))
}
