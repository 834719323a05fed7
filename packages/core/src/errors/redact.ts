/** The credentials that were sent last: a server may repeat one in its answer, in whatever form keys have there. */
const secrets: Set<string> = /* @__PURE__ */ new Set()

/** Has a credential hidden in every text from now on; it may have its scheme before it. Of short ones words are made. */
export function rememberSecret(header: string | null): void {
  const secret = header?.split(' ').pop()
  if (!secret || secret.length < 8) return
  for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) secrets.add(form)
  while (secrets.size > 100) secrets.delete(secrets.values().next().value!)
}

/** Replaces every credential in a text, so that it may be printed. */
export function redact(text: string): string {
  let redacted = text
  for (const secret of secrets) redacted = redacted.replaceAll(secret, '…')
  return redacted.replace(/sk-ant-[\w-]+/g, 'sk-ant-…')
}
