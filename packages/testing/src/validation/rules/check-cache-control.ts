import type { CacheControl, CountTokensParams } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'

const most = 4

interface Mark {
  place: string
  mark: CacheControl
}

/**
 * At most four marks, and none for an hour behind one for five minutes.
 *
 * @throws {Rejection}
 */
export function checkCacheControl(params: CountTokensParams): void {
  const marks = withAutomatic(cacheMarks(params), params)
  if (marks.length > most) {
    throw invalidRequest(`A maximum of ${most} blocks with cache_control may be provided. Found ${marks.length}.`)
  }
  const firstShort = marks.findIndex(({ mark }) => (mark.ttl ?? '5m') === '5m')
  const late = marks.find(({ mark }, index) => mark.ttl === '1h' && firstShort !== -1 && index > firstShort)
  if (late) {
    throw invalidRequest(
      `${late.place}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. ` +
        'Note that blocks are processed in the following order: `tools`, `system`, `messages`.',
    )
  }
}

/** The mark at the top goes to the last block, which may have the same one already. */
function withAutomatic(marks: Mark[], { cache_control: mark, messages }: CountTokensParams): Mark[] {
  if (!mark) return marks
  const content = messages.at(-1)?.content
  const place = `messages.${messages.length - 1}.content.${Array.isArray(content) ? content.length - 1 : 0}`
  const own = marks.find((one) => one.place === place)
  if (!own) return [...marks, { place, mark }]
  if ((own.mark.ttl ?? '5m') === (mark.ttl ?? '5m')) return marks
  throw invalidRequest(
    `${place}.cache_control.ttl: a ttl='${own.mark.ttl ?? '5m'}' cache_control block must not have another ttl than the ` +
      `request's own cache_control, which has ttl='${mark.ttl ?? '5m'}' and applies to it.`,
  )
}

/** Every mark on a block, in the order in which the API reads the prompt. */
function cacheMarks({ tools = [], system, messages }: CountTokensParams): Mark[] {
  return [
    ...marksIn('tools', tools),
    ...marksIn('system', system),
    ...messages.flatMap(({ content }, index) => marksIn(`messages.${index}.content`, content)),
  ]
}

function marksIn(place: string, blocks: unknown): Mark[] {
  if (!Array.isArray(blocks)) return []
  return (blocks as { cache_control?: CacheControl | null; content?: unknown }[]).flatMap((block, at) => [
    ...marksIn(`${place}.${at}.content`, block.content),
    ...(block.cache_control ? [{ place: `${place}.${at}`, mark: block.cache_control }] : []),
  ])
}
