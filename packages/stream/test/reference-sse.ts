export interface ReferenceFrame {
  event: string
  data: string
  id: string
  retry: number | undefined
}

/**
 * The event stream interpretation of the HTML standard, sentence by sentence, on a whole stream as text. Slow and plain:
 * what the parser is held to, beside an independent implementation.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function referenceFrames(bytes: Uint8Array): ReferenceFrame[] {
  // "UTF-8 decode": replacement characters for what is broken, and one leading byte order mark dropped.
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\n|\r/)
  // What no line end follows is no line.
  lines.pop()
  const frames: ReferenceFrame[] = []
  let data = ''
  let type = ''
  let id = ''
  let retry: number | undefined
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (line === '') {
      if (data !== '') frames.push({ event: type || 'message', data: data.slice(0, -1), id, retry })
      data = type = ''
    } else if (name === 'event') type = value
    else if (name === 'data') data += `${value}\n`
    else if (name === 'id' && !value.includes('\0')) id = value
    else if (name === 'retry' && value !== '' && !/[^0-9]/.test(value)) retry = Number.parseInt(value, 10)
  }
  return frames
}
