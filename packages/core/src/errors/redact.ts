/** Replaces every credential in a text by its kind, so that it may be printed. */
export function redact(text: string): string {
  return text.replace(/(sk-ant-[a-z]*)[\w-]*/g, '$1…')
}
