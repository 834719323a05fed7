import {
  apiErrorFromBody,
  BudgetExceededError,
  ConfigError,
  MaxOutputTokensError,
  type Message,
  parseUsageLimit,
  RateLimitError,
} from '@enjamb/core'
import { TurnLimitError } from '@enjamb/tools'
import { ClaudeProgramError } from '../claude-program-error.ts'
import type { OutputFacts } from '../output/output-reader.ts'
import type { ProgramFailure } from '../output/program-line.ts'
import { failureOf } from '../output/read-failure.ts'

/** How a run came to its end. */
export interface RunEnd {
  exitCode: number | null
  signal: string | null
  stderr: string
}

/** The API's own names and statuses, by what the program calls them. */
const kinds: Readonly<Record<string, [status: number, type: string]>> = {
  authentication_failed: [401, 'authentication_error'],
  oauth_org_not_allowed: [403, 'permission_error'],
  billing_error: [402, 'billing_error'],
  rate_limit: [429, 'rate_limit_error'],
  invalid_request: [400, 'invalid_request_error'],
  model_not_found: [404, 'not_found_error'],
  overloaded: [529, 'overloaded_error'],
  server_error: [500, 'api_error'],
}

/** Looked at last, where nothing else says what it is. */
const texts: readonly [RegExp, kind: string][] = [
  [
    /invalid api key|please run \/login|not logged in|oauth token .*(expired|revoked)|authentication_error/i,
    'authentication_failed',
  ],
  [/credit balance is too low|billing_error/i, 'billing_error'],
  [/overloaded_error|\boverloaded\b/i, 'overloaded'],
  [/output token maximum/i, 'max_output_tokens'],
  [/prompt is too long|invalid_request_error/i, 'invalid_request'],
  [/API Error: 5\d\d\b|internal server error/i, 'server_error'],
]

/** The error of a run that has failed: by its fields, and where they say nothing by its words. */
export function toFailure(
  { result, failure: said, limit, reply }: OutputFacts,
  end: RunEnd,
  part: Message | undefined,
): Error {
  const failure = result ? failureOf(result, said) : said
  const text = failure?.text || end.stderr.trim() || (failure?.kind ?? '')
  const usageLimit =
    parseUsageLimit(limit) ??
    (failure?.status === undefined || failure.status === 429 ? parseUsageLimit(text) : undefined)
  if (usageLimit) {
    const { resetsAt } = usageLimit
    const message = text || 'A usage limit is reached.'
    return new RateLimitError(`429 rate_limit_error: ${message}`, {
      status: 429,
      type: 'rate_limit_error',
      errorCode: 'usage_limit',
      requestId: failure?.requestId,
      ...(resetsAt && { resetsAt, retryAfterMs: Math.max(0, +resetsAt - Date.now()) }),
    })
  }
  if (result?.subtype === 'error_max_turns') return new TurnLimitError(text, { result: undefined as never })
  if (result?.subtype === 'error_max_budget_usd') {
    const limit = Number(/\$([\d.]+)/.exec(text)?.[1] ?? 0)
    return new BudgetExceededError(text, { estimatedCost: 0, limit, remaining: 0, project: 'default' })
  }
  const kind = failure?.kind ?? texts.find(([pattern]) => pattern.test(text))?.[1]
  if (kind === 'max_output_tokens') {
    const partial = part ?? reply
    if (partial) return new MaxOutputTokensError(text, { partial })
  }
  const api = toAPIError(failure, kind, text)
  return api ?? new ClaudeProgramError(unknownText(end, text), end)
}

function toAPIError(failure: ProgramFailure | undefined, kind: string | undefined, text: string): Error | undefined {
  const [status, type] = kinds[kind ?? ''] ?? []
  // It calls a 400 a lack of money, and 529 an error of the server: each says one half.
  const isUnpaid = kind === 'billing_error'
  const found = isUnpaid ? status : (failure?.status ?? status)
  if (found === undefined) return undefined
  const error = { type: isUnpaid ? type : (failure?.type ?? type), message: text }
  return apiErrorFromBody(JSON.stringify({ type: 'error', error, request_id: failure?.requestId }), found)
}

function unknownText({ exitCode, signal }: RunEnd, text: string): string {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${exitCode}`
  return `The claude program ${how}${text ? `: ${text.slice(0, 1_000)}` : ', and said nothing.'}`
}

/** The error where it could not be started. */
export function toStartError(cause: unknown, command: string): Error {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') return cause as Error
  return new ConfigError(
    `command must be the claude program, or a path to it, and cwd a folder; there is no ${command}: npm install -g @anthropic-ai/claude-code`,
    { cause },
  )
}
