import { invalidRequest } from '../../errors/rejection.ts'
import { knownBetas } from '../betas.ts'

/**
 * That the API has heard of every beta.
 *
 * @throws {Rejection}
 */
export function checkBetas(betas: readonly string[], extra: readonly string[]): void {
  const unknown = betas.filter((value) => !knownBetas.has(value) && !extra.includes(value))
  if (unknown.length === 0) return
  throw invalidRequest(
    `Unexpected value(s) ${unknown.map((value) => `\`${value}\``).join(', ')} for the \`anthropic-beta\` header. ` +
      'Please consult our documentation at docs.claude.com or try again without the header.',
  )
}
