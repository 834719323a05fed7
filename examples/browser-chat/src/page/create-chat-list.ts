import type { ChatInfo } from '../app/list-chats.ts'
import { element, find } from './parts/element.ts'

/** The chats that there are; on a phone they lie over the page while they are open. */
export function createChatList(url: string): { refresh(current: string): Promise<void>; close(): void } {
  const list = find('chat-list')
  const panel = find('chats')
  const opener = find('open-chats')
  const stage = document.querySelector<HTMLElement>('.stage')!

  function setOpen(isOpen: boolean): void {
    panel.classList.toggle('open', isOpen)
    opener.setAttribute('aria-expanded', String(isOpen))
    stage.inert = isOpen
    ;(isOpen ? find('new-chat') : opener).focus()
  }

  const close = () => {
    if (panel.classList.contains('open')) setOpen(false)
  }

  opener.addEventListener('click', () => setOpen(true))
  panel.addEventListener('keydown', ({ key }) => key === 'Escape' && close())
  document.addEventListener('pointerdown', ({ target }) => !panel.contains(target as Node) && close())

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
