import { ConfigError } from '@enjamb/core'

/** Is the URL at this host, or below it? `example.com`, `domain:example.com` and `*.example.com` are the same. */
export function matchesDomain(pattern: string, url: string): boolean {
  const host = toHost(pattern)
  if (!host || !URL.canParse(url)) return false
  return `.${new URL(url).hostname.replace(/\.$/, '')}`.endsWith(`.${host}`)
}

/** @throws {ConfigError} it is no host, so no URL could ever be at it */
export function checkHost(pattern: string): void {
  if (toHost(pattern)) return
  throw new ConfigError(`A host is like "domain:example.com", without port or path; "${pattern}" is not.`)
}

/** As URLs have it: in small letters, and those of other alphabets in their code. */
function toHost(pattern: string): string | undefined {
  const named = `https://${pattern
    .replace(/^domain:/, '')
    .replace(/^\*\./, '')
    .replace(/\.$/, '')}`
  const { hostname, href } = URL.canParse(named) ? new URL(named) : { hostname: '', href: '' }
  return !hostname.includes('*') && href === `https://${hostname}/` ? hostname : undefined
}
