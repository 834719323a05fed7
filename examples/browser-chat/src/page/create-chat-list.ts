import type { ChatInfo } from '../app/list-chats.ts'
import { element, find } from './parts/element.ts'

/** The chats that there are; on a phone they lie over the page while they are open. */
export function createChatList(url: string): { refresh(current: string): Promise<void>; close(): void } {
  const list = find('chat-list')
  const panel = find('chats')
  const opener = find('open-chats')

  function setOpen(isOpen: boolean): void {
    panel.classList.toggle('open', isOpen)
    opener.setAttribute('aria-expanded', String(isOpen))
  }

  const close = () => setOpen(false)

  opener.addEventListener('click', () => {
    setOpen(true)
    find('new-chat').focus()
  })
  panel.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return
    close()
    opener.focus()
  })
  // Whoever goes on elsewhere is done with it.
  panel.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget && !panel.contains(relatedTarget as Node)) close()
  })
  document.addEventListener('pointerdown', ({ target }) => {
    if (!panel.contains(target as Node)) close()
  })

  return {
    async refresh(current) {
      const chats: ChatInfo[] = await fetch(url)
        .then((response) => (response.ok ? response.json() : []))
        .catch(() => [])
      const items = chats.map(({ id, title }) => {
        const link = element('a', { href: `#${id}`, title }, title)
        if (id === current) link.ariaCurrent = 'page'
        return element('li', {}, link)
      })
      list.replaceChildren(...items)
    },
    close,
  }
}
