import type { ErrorBody, StreamEvent } from '@enjamb/core'
import type { Random } from '../random/create-random.ts'

const widest = 16

/** One frame of a stream, as the API writes it: spaces before the last brace, so that the length tells nothing. */
export function encodeEvent(event: StreamEvent | ErrorBody, padding: Random | undefined): string {
  return `event: ${event.type}\ndata: ${dataOf(event, padding)}\n\n`
}

function dataOf(event: StreamEvent | ErrorBody, padding: Random | undefined): string {
  if (event.type === 'ping') return '{"type": "ping"}'
  const json = JSON.stringify(event)
  if (!padding || event.type === 'error') return json
  return `${json.slice(0, -1)}${' '.repeat(Math.floor(padding() * widest))}}`
}
