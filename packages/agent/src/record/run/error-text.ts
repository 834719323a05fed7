/** What a recorded error says, behind `lead`; nothing where there is none. */
export function errorText(error: unknown, lead = ''): string {
  if (!error) return ''
  const { name, message } = Object(error) as { name?: unknown; message?: unknown }
  if (typeof message !== 'string') return `${lead}${typeof error === 'string' ? error : JSON.stringify(error)}`
  return `${lead}${name ? `${name}: ` : ''}${message}`
}
