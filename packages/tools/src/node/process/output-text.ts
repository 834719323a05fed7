import { stripVTControlCharacters } from 'node:util'

/** Shorter output is shown whatever it is. */
const minBinaryChars = 1_000

/**
 * Output as the model sees it, without colours and what was written over, and then a line for each note. Binary output is
 * left out.
 */
export function toOutputText(
  output: { text: string; dropped: number },
  notes: readonly (string | undefined)[],
): string {
  const lines = notes.filter((note) => note !== undefined).map((note) => `[${note}]`)
  return [showOutput(output), ...lines].join('\n')
}

function showOutput({ text, dropped }: { text: string; dropped: number }): string {
  if (isBinary(text)) return '[The output is binary, or no UTF-8, and is not shown. To keep it, write it to a file.]'
  const plain = stripVTControlCharacters(text).replaceAll('\0', '\u2400')
  const shown = plain.split('\n').map(lastWritten).join('\n').trimEnd()
  const cut = dropped ? `[${dropped} bytes before this are cut. To see them, write the output to a file.]\n` : ''
  return `${cut}${shown || '[No output.]'}`
}

function isBinary(text: string): boolean {
  const odd = text.split(/[\0\ufffd]/).length - 1
  return text.length > minBinaryChars && odd > text.length / 4
}

/** What a terminal shows in the end of a line that is written over and over, as progress is. */
function lastWritten(line: string): string {
  let end = line.length
  while (line[end - 1] === '\r') end--
  return line.slice(line.lastIndexOf('\r', end - 1) + 1)
}
