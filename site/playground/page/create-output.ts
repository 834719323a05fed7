export type OutputKind = 'out' | 'err' | 'failure'

const flushMs = 16

/** Writes to a pane as to a terminal, a frame at a time: a carriage return goes back to the beginning of the line. */
export function createOutput(pane: HTMLElement) {
  let waiting: { text: string; kind: OutputKind }[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let line: HTMLElement | undefined

  function flush() {
    clearTimeout(timer)
    timer = undefined
    const isAtEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 8
    const parts = waiting
    waiting = []
    for (const { text, kind } of parts) append(text, kind)
    if (isAtEnd) pane.scrollTop = pane.scrollHeight
  }

  function append(text: string, kind: OutputKind) {
    for (const part of text.replaceAll('\r\n', '\n').split(/(?<=\n)/)) {
      if (line?.className !== kind) {
        line = Object.assign(document.createElement('span'), { className: kind })
        pane.append(line)
      }
      const from = part.lastIndexOf('\r') + 1
      if (from > 0) line.textContent = ''
      line.append(part.slice(from))
      if (part.endsWith('\n')) line = undefined
    }
  }

  return {
    flush,
    clear() {
      waiting = []
      line = undefined
      pane.replaceChildren()
    },
    write(text: string, kind: OutputKind = 'out') {
      waiting.push({ text, kind })
      timer ??= setTimeout(flush, flushMs)
    },
  }
}
