import type { McpEndpoint, McpProcess, McpServer } from './mcp-options.ts'

const minChars = 6
/** Shorter parts of a URL's path are words. */
const minPathChars = 20
const maxLearned = 20

/** Of an option, a variable or a header whose value is one. */
const named =
  /key|token|secret|passw|pwd|auth|credential|cookie|session|bearer|header|signature|(^|[-_])(pat|pin|dsn|sig)$/i

/** What a server was given in confidence, hidden in what is said about it, and in what it says. */
export interface Secrets {
  /** Takes all values that it was given out of a text about the server. */
  hide(text: string): string
  /** Takes those out that are credentials by their names; others may be what a result is about, such as a folder. */
  hideNamed(text: string): string
  /** One more, as the last of some. */
  add(secret: string): void
}

/**
 * The values of headers, of the environment, of a URL's query, user and long parts of its path, and of arguments that are
 * credentials by their names. One with a scheme before it, as `Bearer …`, is known by what stands after that, too. Of short
 * ones words are made.
 */
export function createSecrets(server: McpServer): Secrets {
  const values = 'command' in server ? ofProcess(server) : ofEndpoint(server)
  const given = values.map(([, value]) => value)
  const credentials = values.filter(([name]) => named.test(name)).map(([, value]) => value)
  let learned: readonly string[] = []
  let all = toForms(given)
  let some = toForms(credentials)
  return {
    hide: (text) => without(text, all),
    hideNamed: (text) => without(text, some),
    add(secret) {
      if (learned.includes(secret)) return
      learned = [...learned, secret].slice(-maxLearned)
      all = toForms([...given, ...learned])
      some = toForms([...credentials, ...learned])
    },
  }
}

type Values = (readonly [name: string, value: string])[]

function ofProcess({ env = {}, args = [] }: McpProcess): Values {
  const given = args.flatMap((one, index): Values => {
    const [, name = '', value] = /^-+([^=]*)(?:=(.*))?$/s.exec(one) ?? []
    return named.test(name) ? [[name, value ?? args[index + 1] ?? '']] : []
  })
  return [...Object.entries(env), ...given]
}

function ofEndpoint({ url, headers = {} }: McpEndpoint): Values {
  const { username, password, searchParams, pathname } = new URL(url)
  const parts = pathname.split('/').filter((part) => part.length >= minPathChars)
  const ofURL: Values = [username, password, ...parts].map((value) => ['credential', value])
  return [...Object.entries(headers), ...searchParams, ...ofURL]
}

function toForms(secrets: readonly string[]): string[] {
  const forms = secrets
    .flatMap((secret) => [secret, secret.split(' ').pop() ?? ''])
    .filter((secret) => secret.length >= minChars)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
  // The longest first: one may be a part of another.
  return [...new Set(forms)].sort((a, b) => b.length - a.length)
}

function without(text: string, forms: readonly string[]): string {
  return forms.reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
}
