import { stripVTControlCharacters } from 'node:util'

/** Output as the model sees it, without colours, and then a line for each note. */
export function toOutputText(
  output: { text: string; dropped: number },
  notes: readonly (string | undefined)[],
): string {
  const text = stripVTControlCharacters(output.text).replaceAll('\0', '\u2400').trimEnd()
  const cut = output.dropped
    ? `[${output.dropped} bytes before this are cut. To see them, write the output to a file.]\n`
    : ''
  const lines = notes.filter((note) => note !== undefined).map((note) => `[${note}]`)
  return [`${cut}${text || '[No output.]'}`, ...lines].join('\n')
}
