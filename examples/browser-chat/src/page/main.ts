import { type Chat, createChat } from './create-chat.ts'
import { createChatList } from './create-chat-list.ts'
import { createComposer } from './create-composer.ts'
import { followEnd } from './follow-end.ts'
import { find } from './parts/element.ts'
import { startDemo } from './start-demo.ts'
import { welcome } from './welcome.ts'

/** Whether there is no server; vite.config.ts says. */
declare const DEMO: boolean

if (DEMO) {
  await startDemo()
  find('hint').textContent = 'A demo: a script answers, in this browser alone.'
}

const sessions = new URL('sessions', document.baseURI).pathname
const transcript = find('transcript')
const chats = createChatList(sessions)
const { onShow, toEnd } = followEnd()
let id = ''
let chat: Chat | undefined

const composer = createComposer({ send, stop: () => chat?.stop() })

function setTitle(title: string): void {
  find('title').textContent = title
  document.title = title
}

/** Shows the chat that the address names, or an empty one: so it is there again when the page is loaded again. */
function open(): void {
  chat?.leave()
  const named = location.hash.slice(1)
  id = named || crypto.randomUUID()
  setTitle('New chat')
  find('spent').textContent = ''
  transcript.replaceChildren()
  if (!named) transcript.append(welcome(send))
  chat = createChat(`${sessions}/${id}`, !named, transcript, {
    onStatus(status) {
      composer.setStatus(status)
      if (status === 'ready' && location.hash) void chats.refresh(id)
    },
    onTitle(title) {
      setTitle(title)
      void chats.refresh(id)
    },
    onSpent(spent) {
      find('spent').textContent = spent
    },
    onShow,
  })
  void chats.refresh(id)
  chats.close()
}

function send(text: string): void {
  if (!location.hash) {
    history.pushState(null, '', `#${id}`)
    transcript.replaceChildren()
  }
  chat?.send(text)
  toEnd()
  composer.focus()
}

find('new-chat').addEventListener('click', () => {
  if (location.hash) history.pushState(null, '', location.pathname)
  open()
  composer.focus()
})
addEventListener('hashchange', open)
addEventListener('popstate', () => location.hash || open())
open()
