import { findModel, type MessageParam } from '@enjamb/core'
import { askAboutText, type SummaryRequest } from './ask-for-summary.ts'
import { isOverflow } from './is-overflow.ts'
import { toTranscript } from './to-transcript.ts'

/** Of a model that is not known. */
const usualWindow = 200_000
/** Hardly any text has a token for less. */
const bytesPerToken = 2
const minBytes = 4_000

/**
 * A summary of a history of any length: it is read as text, in pieces that fit into the model's window, each with the
 * summary of what stood before it.
 *
 * @throws {APIError} also where the smallest of pieces does not fit
 */
export async function summarisePieces(
  request: SummaryRequest,
  messages: readonly MessageParam[],
): Promise<string | undefined> {
  const { model, max_tokens } = request.frozen
  const window = findModel(model)?.contextWindow ?? usualWindow
  // Half of the window at most for what is written, so that there is room to read.
  let maxBytes = Math.floor((window - Math.min(max_tokens, window / 2)) * bytesPerToken * 0.9)
  const rest = toTranscript(messages)
  let summary: string | undefined
  while (rest.length) {
    const [piece, left] = takePiece(rest, Math.max(minBytes, maxBytes - byteLength(summary ?? '')))
    try {
      summary = await askAboutText(request, summary, piece)
    } catch (error) {
      // It may be that its tokens are shorter than was thought.
      if (!isOverflow(error) || maxBytes <= minBytes) throw error
      maxBytes = Math.max(minBytes, Math.floor(maxBytes / 2))
      continue
    }
    if (!summary) return undefined
    rest.splice(0, rest.length, ...left)
  }
  return summary
}

/** As many whole messages as fit; of one that is too long for itself, the beginning. */
export function takePiece(texts: readonly string[], maxBytes: number): [piece: string, left: string[]] {
  let bytes = 0
  const count = texts.findIndex((text) => {
    bytes += byteLength(text) + 1
    return bytes > maxBytes
  })
  if (count < 0) return [texts.join('\n'), []]
  if (count > 0) return [texts.slice(0, count).join('\n'), texts.slice(count)]
  const [first = '', ...others] = texts
  // No character has more than three bytes for each of its parts, and none is cut in two.
  let end = Math.max(2, Math.floor(maxBytes / 3))
  if (/[\uD800-\uDBFF]/.test(first[end - 1]!)) end--
  return [first.slice(0, end), [first.slice(end), ...others]]
}

const encoder = new TextEncoder()

function byteLength(text: string): number {
  return encoder.encode(text).length
}
