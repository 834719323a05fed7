import type { SessionStore } from '@enjamb/agent'

/** A chat, as a list shows it. */
export interface ChatInfo {
  id: string
  title: string
  updatedAt: string
}

/** The newest chats, each with how its first question begins. */
export async function listChats(store: SessionStore): Promise<ChatInfo[]> {
  const chats: ChatInfo[] = []
  for await (const { id, updatedAt } of store.list!({ limit: 30 })) {
    chats.push({ id, title: await titleOf(store, id), updatedAt: updatedAt.toISOString() })
  }
  return chats
}

async function titleOf(store: SessionStore, id: string): Promise<string> {
  for await (const entry of store.read(id)) {
    if (entry.type === 'prompt' && typeof entry.content === 'string') return entry.content.slice(0, 80)
  }
  return 'New chat'
}
