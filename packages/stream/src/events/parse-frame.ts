import type { StreamEvent } from '@enjamb/core'
import { toEvent } from './to-event.ts'

/** The event in one frame, from its first line to the blank one that ends it; `undefined` where there is none. */
export function parseFrame(frame: string): StreamEvent | undefined {
  let name = ''
  let data: string | undefined
  for (const line of frame.split(/\r\n?|\n/)) {
    const [, field, value] = /([^:]*):? ?(.*)/s.exec(line) as unknown as [string, string, string]
    if (field === 'event') name = value
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`
  }
  return data === undefined ? undefined : toEvent(name, data)
}
