import type { StreamEvent } from '@enjamb/core'
import { toEvent } from './to-event.ts'

/** The event in one frame, from its first line to the blank one that ends it; `undefined` where there is none. */
export function parseFrame(frame: string): StreamEvent | undefined {
  let name = ''
  let data: string | undefined
  for (const line of frame.split(/\r\n?|\n/)) {
    name = fieldOf(line, 'event') ?? name
    const value = fieldOf(line, 'data')
    if (value !== undefined) data = data === undefined ? value : `${data}\n${value}`
  }
  return data === undefined ? undefined : toEvent(name, data)
}

function fieldOf(line: string, name: string): string | undefined {
  const { length } = name
  if (!line.startsWith(name) || (line[length] ?? ':') !== ':') return undefined
  return line.slice(line[length + 1] === ' ' ? length + 2 : length + 1)
}
