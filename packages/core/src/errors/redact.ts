/** The credentials that were sent last: a server may repeat one in its answer, in whatever form keys have there. */
let secrets: string[] = []

/** Has a credential hidden in every text from now on; it may have its scheme before it. What may be a word is none. */
export function rememberSecret(header: string | null): void {
  const secret = header?.split(' ').pop()
  if (!secret || /^(.{1,7}|[a-z]{1,15})$/i.test(secret)) return
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
  secrets = [...new Set([...forms, ...secrets])].slice(0, 100)
}

/** Replaces every credential that was sent, and what looks like a key of the API, in a text, so that it may be printed. */
export function redact(text: string): string {
  let redacted = text
  for (const secret of secrets) redacted = redacted.replaceAll(secret, '…')
  return redacted.replace(/sk-ant-[\w-]+/g, 'sk-ant-…')
}

/** The first 200 characters of a text, for an error message. Cut off behind the credentials, not inside of one. */
export function excerpt(text: string): string {
  return redact(text.slice(0, 4_096)).slice(0, 200)
}
