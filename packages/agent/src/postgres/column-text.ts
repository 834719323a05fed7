/** Text for a column: PostgreSQL's has no NUL. What is shown to people alone goes there. */
export function columnText(text: string): string {
  return text.replaceAll('\0', '\ufffd')
}
