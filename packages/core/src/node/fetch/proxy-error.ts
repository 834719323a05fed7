import { ConfigError } from '../../errors/config-error.ts'
import { ConnectionError } from '../../errors/connection/connection-error.ts'

/** What a proxy's refusal means, where an error is one: undici says it in the text of a cause alone. */
export function proxyError(error: unknown): ConfigError | ConnectionError | undefined {
  const status = refusal(error)
  if (!status) return undefined
  // To ask again would change nothing.
  if (/40[137]/.test(status)) return new ConfigError(`proxy must let us through: it answered ${status}.`)
  return new ConnectionError(`No connection through the proxy: it answered ${status}.`, { cause: error })
}

function refusal(error: unknown): string | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const status = /^Proxy response \((\d+)\)/.exec(cause.message)?.[1]
    if (status) return status
  }
  return undefined
}
