import type { ContentBlock, Message, ToolUseBlock, Usage } from '@enjamb/core'
import type { Entry, EntryBody, FrozenParams, TurnEntry, TurnStatus } from '../src/index.ts'
import { noUsage } from '../src/turn/no-usage.ts'

const frozen: FrozenParams = {
  model: 'claude-sonnet-5-5',
  max_tokens: 32_000,
  system: 'Be short.',
  tools: [
    { name: 'Read', description: 'Reads a file.', input_schema: { type: 'object' } },
    { name: 'Bash', description: 'Runs a command.', input_schema: { type: 'object' } },
    { name: 'Task', description: 'Asks a sub-agent.', input_schema: { type: 'object' } },
  ],
}

const standardUsage: Usage = { ...noUsage, service_tier: 'standard', speed: 'standard' }

/** What a reply holds: a text, or a block of any kind. */
type Part = string | ContentBlock | Record<string, unknown>

/** Writes a journal by hand, on a clock of its own. */
export function buildJournal({ id = 'c0ffee00-1234', at = '2026-11-28T10:00:00.000Z', ...head }: JournalHead = {}) {
  let now = Date.parse(at)
  let replies = 0
  const entries: Entry[] = []

  const add = (body: EntryBody, ms = 0) => {
    now += ms
    entries.push({ v: 1, seq: entries.length + 1, at: new Date(now).toISOString(), ...body })
    return builder
  }
  const builder = {
    entries,
    add,
    wait: (ms: number) => {
      now += ms
      return builder
    },
    prompt: (content: string | ContentBlock[], by?: string) =>
      add({ type: 'prompt', id: `prompt_${entries.length}`, content: content as string, by }),
    /** A reply that took `ms`, after which it wants its tools, if it has any. */
    reply: (parts: readonly Part[], ms = 1_000, usage: Partial<Usage> = {}, message: Partial<Message> = {}) => {
      const content = parts.map((part) =>
        typeof part === 'string' ? { type: 'text', text: part, citations: null } : part,
      )
      const stop = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn'
      return add({ type: 'reply', message: messageOf(content as ContentBlock[], stop, usage, message, ++replies) }, ms)
    },
    /** A call begins to run. */
    intent: (call: ToolUseBlock, ms = 0) =>
      add({ type: 'intent', call, key: `key_${call.id}`, readOnly: true, idempotent: true }, ms),
    result: (id: string, content: string | ContentBlock[], ms = 100, isError = false) =>
      add({ type: 'result', id, content: content as string, isError, ms }, ms),
    /** A call that runs to its end. */
    call: (call: ToolUseBlock, content: string, ms = 100, isError = false) => {
      builder.intent(call)
      return builder.result(call.id, content, ms, isError)
    },
    turn: (status: TurnStatus = 'completed', error?: TurnEntry['error']) => add({ type: 'turn', status, error }),
  }
  return add({ type: 'session', id, frozen: { ...frozen, ...head.frozen }, title: head.title, parent: head.parent })
}

interface JournalHead {
  id?: string
  at?: string
  title?: string
  parent?: { id: string; seq: number }
  frozen?: Partial<FrozenParams>
}

function messageOf(
  content: ContentBlock[],
  stop_reason: Message['stop_reason'],
  usage: Partial<Usage>,
  message: Partial<Message>,
  number: number,
): Message {
  return {
    id: `msg_${number}`,
    type: 'message',
    role: 'assistant',
    model: frozen.model,
    content,
    container: null,
    diagnostics: null,
    stop_reason,
    stop_sequence: null,
    stop_details: null,
    usage: { ...standardUsage, ...usage },
    ...message,
  }
}

export function toolUse(id: string, name: string, input: unknown = {}): ToolUseBlock {
  return { type: 'tool_use', id, name, input, caller: { type: 'direct' } }
}
