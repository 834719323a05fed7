/**
 * Whether a database could not be reached, or was lost on the way, rather than having refused what it was asked: it
 * restarts, has no room for another connection, or stands by for the one that writes.
 */
export function isConnectionLoss(error: unknown): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }
  // Classes of SQLSTATE, which has five characters of its own kind; else a code of the system, or of nobody.
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)) {
    return /^(08|57P|53300|25006)/.test(code)
  }
  if (typeof code === 'string') return !code.startsWith('ERR_')
  return /connection|connect|timeout/i.test(String(message))
}
