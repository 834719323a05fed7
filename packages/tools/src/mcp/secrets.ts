import type { McpServer } from './mcp-options.ts'

const minChars = 6

/**
 * Hides what a server was given in confidence in what is said about it: the values of its headers, its environment, and its
 * URL's query and user. One with a scheme before it, as `Bearer …`, is known by what stands after that, too. Of short ones words
 * are made.
 */
export function secretsHider(server: McpServer): (text: string) => string {
  const { username, password, searchParams } = new URL('url' in server ? server.url : 'file:')
  const given =
    'command' in server
      ? Object.values(server.env ?? {})
      : [...Object.values(server.headers ?? {}), ...searchParams.values(), username, password]
  const forms = given
    .flatMap((secret) => [secret, secret.split(' ').pop() ?? ''])
    .filter((secret) => secret.length >= minChars)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    // The longest first: one may be a part of another.
    .sort((a, b) => b.length - a.length)
  return (text) => forms.reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
}
