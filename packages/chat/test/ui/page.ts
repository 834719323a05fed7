import { useChat } from '@ai-sdk/react'
import {
  AssistantRuntimeProvider,
  ComposerPrimitive,
  MessagePrimitive,
  type TextMessagePartProps,
  ThreadPrimitive,
  type ToolCallMessagePartProps,
} from '@assistant-ui/react'
import { AssistantChatTransport, useChatRuntime } from '@assistant-ui/react-ai-sdk'
import { DefaultChatTransport, lastAssistantMessageIsCompleteWithToolCalls, type UIMessage } from 'ai'
import {
  createElement as h,
  type ReactNode,
  StrictMode,
  startTransition,
  useLayoutEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import { createRoot } from 'react-dom/client'
import { createEffect, createRoot as createSolidRoot, from } from 'solid-js'
import { readable } from 'svelte/store'
import { type Conversation, type ConversationSnapshot, conversation, createChat } from '../../src/index.ts'

function show(element: ReactNode): void {
  const root = document.createElement('main')
  document.body.replaceChildren(root)
  createRoot(root).render(h(StrictMode, null, element))
}

/** What is to be seen of a part. */
function partOf(part: UIMessage['parts'][number]): string {
  if (part.type === 'text') return part.text
  // Where a model thinks and shows nothing of it, its signature is in an empty part.
  if (part.type === 'reasoning') return part.text && `(${part.text})`
  if ('toolCallId' in part) return `[${part.type} ${part.state} ${JSON.stringify('output' in part ? part.output : '')}]`
  return ''
}

function ChatPage({ api }: { api: string }): ReactNode {
  const chat = useChat({
    transport: new DefaultChatTransport({ api }),
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    onToolCall({ toolCall }) {
      // A tool of the page's own.
      if (toolCall.toolName === 'where')
        void chat.addToolOutput({ tool: 'where', toolCallId: toolCall.toolCallId, output: 'Basel' })
    },
  })
  const { messages, status, error, sendMessage, stop, regenerate } = chat
  useLayoutEffect(() => {
    Object.assign(window, { say: (text: string) => sendMessage({ text }), stop, regenerate })
  })
  return h(
    'div',
    { id: 'chat', 'data-status': status },
    messages.map(({ id, role, parts }) => h('p', { key: id }, `${role}: ${parts.map(partOf).join('')}`)),
    error && h('output', null, error.message),
    h('pre', null, JSON.stringify(messages.map(({ metadata }) => metadata))),
  )
}

export function showUseChat(api: string): void {
  show(h(ChatPage, { api }))
}

const Text = ({ text }: TextMessagePartProps) => h('span', null, text)
const Tool = ({ toolName, result, status }: ToolCallMessagePartProps) =>
  h('code', null, `[${toolName} ${status.type} ${JSON.stringify(result)}]`)
const Parts = () => h(MessagePrimitive.Parts, { components: { Text, tools: { Fallback: Tool } } })
const Said = () => h(MessagePrimitive.Root, null, h('p', null, h(Parts)))

function AssistantPage({ api }: { api: string }): ReactNode {
  const runtime = useChatRuntime({ transport: new AssistantChatTransport({ api }) })
  const messages = h(ThreadPrimitive.Messages, { components: { UserMessage: Said, AssistantMessage: Said } })
  const composer = h(
    ComposerPrimitive.Root,
    null,
    h(ComposerPrimitive.Input, { placeholder: 'Ask' }),
    h(ComposerPrimitive.Send, null, 'Send'),
    h(ThreadPrimitive.If, { running: true }, h(ComposerPrimitive.Cancel, null, 'Cancel')),
  )
  // biome-ignore lint/correctness/noChildrenProp: they are required among its props
  return h(AssistantRuntimeProvider, { runtime, children: h(ThreadPrimitive.Root, null, messages, composer) })
}

export function showAssistantUI(api: string): void {
  show(h(AssistantPage, { api }))
}

const talkTo = (baseURL: string): Conversation =>
  conversation(createChat({ baseURL, apiKey: 'k', dangerouslyAllowBrowser: true }))

/** What the components of one commit have shown. */
interface Sight {
  talk: Conversation
  seen: ConversationSnapshot[]
  torn: string[]
  commits: number
}

function Reader({ sight: { talk, seen }, slow }: { sight: Sight; slow: boolean }): ReactNode {
  const snapshot = useSyncExternalStore(talk.subscribe, talk.getSnapshot)
  for (const end = performance.now() + 1; slow && performance.now() < end; );
  useLayoutEffect(() => {
    seen.push(snapshot)
  })
  return h('i', null, snapshot.answer)
}

function Readers({ sight }: { sight: Sight }): ReactNode {
  const { talk, seen, torn } = sight
  const snapshot = useSyncExternalStore(talk.subscribe, talk.getSnapshot)
  const [, setTurn] = useState(0)
  useLayoutEffect(() => talk.subscribe(() => startTransition(() => setTurn((turn) => turn + 1))), [talk])
  useLayoutEffect(() => {
    sight.commits++
    // Those of the readers have run before.
    for (const other of seen.splice(0)) if (other !== snapshot) torn.push(other.answer)
  })
  const readers = Array.from({ length: 30 }, (_, index) => h(Reader, { key: index, sight, slow: index % 3 === 0 }))
  return h('div', null, snapshot.messages.length, snapshot.answer, readers)
}

/**
 * Shows a conversation in thirty components, some of them slow, while it is asked, with a transition for each of its changes.
 *
 * @returns the texts that were shown beside others, how often all were shown, and the answer
 */
export async function showConversation(baseURL: string): Promise<{ torn: string[]; commits: number; answer?: string }> {
  const talk = talkTo(baseURL)
  const sight: Sight = { talk, seen: [], torn: [], commits: 0 }
  show(h(Readers, { sight }))
  while (!sight.commits) await new Promise((resolve) => setTimeout(resolve))
  const reply = await talk.send('Tell a long story.')
  return { torn: sight.torn, commits: sight.commits, ...(reply && { answer: reply.text }) }
}

/** How Solid's and Svelte's stores see it: the statuses that they were told, in their order and once each. */
export async function followConversation(baseURL: string): Promise<{ solid: string[]; svelte: string[] }> {
  const talk = talkTo(baseURL)
  const solid: string[] = []
  const svelte: string[] = []
  const note = (list: string[], { status }: ConversationSnapshot) => {
    if (list.at(-1) !== status) list.push(status)
  }
  const end = createSolidRoot((dispose) => {
    const state = from<ConversationSnapshot>((set) => talk.subscribe(() => set(talk.getSnapshot())), talk.getSnapshot())
    createEffect(() => note(solid, state()))
    return dispose
  })
  const store = readable(talk.getSnapshot(), (set) => talk.subscribe(() => set(talk.getSnapshot())))
  const leave = store.subscribe((snapshot) => note(svelte, snapshot))
  await talk.send('Hi')
  end()
  leave()
  await talk.send('And now?')
  return { solid, svelte }
}
