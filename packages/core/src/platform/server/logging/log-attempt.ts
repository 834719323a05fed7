import { isEnjambError } from '../../../errors/enjamb-error.ts'
import { redact } from '../../../errors/redact.ts'
import type { Usage } from '../../../wire/index.ts'
import type { Platform } from '../../platform.ts'

export const logAttempt: Platform['logAttempt'] = ({ logger }, { method, url, attempt, onOutcome }) => {
  const say = (level: 'debug' | 'info', line: string) => {
    try {
      logger?.[level]?.(redact(line))
    } catch {
      // What a logger cannot do is no reason for a call to fail.
    }
  }
  const what = `${method} ${url}`
  say('debug', attempt ? `${what}, attempt ${attempt + 1}` : what)
  // Who is told how it ends has a relayed stream parsed, too.
  if (!logger?.info) return
  const start = performance.now()
  onOutcome(({ response, value, error }) => {
    const ms = Math.round(performance.now() - start)
    const id = response?.headers.get('request-id')
    const { usage } = Object(value) as { usage?: Partial<Usage> }
    const notes = [
      id,
      usage && `${usage.input_tokens} tokens in, ${usage.output_tokens} out`,
      isEnjambError(error) ? error.code : error && 'failed',
    ]
    say('info', [`${response?.status ?? 'no answer'} to ${what} in ${ms} ms`, ...notes.filter(Boolean)].join(', '))
  })
}
