import type { MessageParam } from '@enjamb/core'
import { withoutThinking } from '../without-thinking.ts'

/**
 * The history without the block for which the API refused it, once: a picture, a document or search result is replaced by a
 * text that says so, and the thinking behind it goes, which is bound to what stood there; so does all thinking where the API
 * no longer takes it.
 *
 * @returns `undefined` where the error is about no such block
 */
export function replaceRefused(messages: readonly MessageParam[], error: unknown): MessageParam[] | undefined {
  const { status, message, body } = Object(error)
  if (status !== 400) return undefined
  if (/signature.+thinking|thinking.+modified/.test(message)) {
    const rest = withoutThinking(messages)
    return rest.some((one, index) => one !== messages[index]) ? rest : undefined
  }
  const where = `${message} ${body?.error?.details?.paths}`
  const path = /\bmessages\.(\d+)\.content\.(\d+)(?:\.(?:\w+\.)?content\.(\d+))?/.exec(where)
  // Of a picture that cannot be read the API does not say where it stands: as a rule in what was added last.
  const last = /could not process/i.test(message) ? messages.length - 1 : -1
  const [, at = last, index, part] = path ?? []
  const mended = structuredClone(messages[+at])
  let found = false
  // A path that ends at a result is about all that is in it.
  const replace = (blocks: unknown, index?: string) => {
    if (!Array.isArray(blocks)) return
    for (const [n, { type, content }] of blocks.entries()) {
      if (index && +index !== n) continue
      if (type === 'tool_result') replace(content, part)
      if (!/^(image|document|search_result)$/.test(type)) continue
      found = true
      blocks[n] = { type: 'text', text: `[The API refused this ${type}, which is left out: ${message}]` }
    }
  }
  replace(mended?.content, index)
  return found ? withoutThinking(Object.assign([...messages], { [at]: mended }), +at) : undefined
}
