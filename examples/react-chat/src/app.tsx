import { conversation, createChat } from '@enjamb/chat'
import type { MessageParam } from '@enjamb/core'
import { type FormEvent, useSyncExternalStore } from 'react'

// The server that gives this page has the key, and puts it in place of this one: see vite.config.ts.
const chat = createChat({ baseURL: location.origin, apiKey: 'is-with-the-server', dangerouslyAllowBrowser: true })
const talk = conversation(chat, { model: 'haiku' })

const textOf = (content: MessageParam['content']) =>
  typeof content === 'string' ? content : content.map((block) => (block.type === 'text' ? block.text : '')).join('')

export function App() {
  const { messages, status, answer, error } = useSyncExternalStore(talk.subscribe, talk.getSnapshot)
  const isBusy = status === 'waiting' || status === 'streaming'

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const text = String(new FormData(form).get('text')).trim()
    if (!text || isBusy) return
    form.reset()
    void talk.send(text)
  }

  return (
    <>
      <h1>Chat</h1>
      {messages.map(({ role, content }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was said keeps its place
        <p key={index} className={role}>
          {textOf(content)}
        </p>
      ))}
      {isBusy && <p className="assistant">{answer || '…'}</p>}
      {error !== undefined && (
        <p role="alert">
          {String(error)}{' '}
          <button type="button" onClick={() => talk.retry()}>
            Try again
          </button>
        </p>
      )}
      <form onSubmit={submit}>
        <input name="text" aria-label="Message" placeholder="Write a message" autoComplete="off" />
        {isBusy ? (
          <button type="button" onClick={() => talk.stop()}>
            Stop
          </button>
        ) : (
          <button type="submit">Send</button>
        )}
      </form>
    </>
  )
}
