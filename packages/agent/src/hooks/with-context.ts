import type { TextBlockParam } from '@enjamb/core'

/** What a hook adds stands behind what was there, in blocks of its own. */
export function withContext<Content extends string | readonly { type: string }[] | undefined>(
  content: Content,
  added: readonly string[],
): Content | (TextBlockParam | BlockOf<Content>)[] {
  // The API refuses blank text.
  const isText = (text: string) => text.trim() !== ''
  if (!added.some(isText)) return content
  const texts = typeof content === 'string' ? [content, ...added] : added
  const blocks = typeof content === 'object' ? (content as unknown as BlockOf<Content>[]) : []
  return [...blocks, ...texts.filter(isText).map((text): TextBlockParam => ({ type: 'text', text }))]
}

type BlockOf<Content> = Content extends readonly (infer Block)[] ? Block : never
