/** What colours the text of terminals and moves about in it, and means nothing anywhere else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const colours = /\u001b\[[0-?]*[ -/]*[@-~]/g
/** What moves a cursor, turns text around, or is not seen at all; of a line's ends, those that are none. */
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/**
 * A text in which nothing acts on who shows it: colours are left out, and any other character that a terminal obeys, that
 * turns text around or that nobody sees stands as its escape. Half a surrogate pair becomes a replacement character.
 */
export function visibleText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(colours, '')
    .replace(hidden, escapeOf)
    .replace(/\p{Cs}/gu, '\ufffd')
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}
