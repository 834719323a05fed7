import { createChat } from '@enjamb/chat'

/** German for what it is given. */
export function translate(text) {
  const chat = createChat({ model: 'haiku', system: 'Translate into German. Answer with the translation alone.' })
  return chat.collect(text)
}
