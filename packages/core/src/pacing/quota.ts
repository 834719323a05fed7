import type { OutgoingRequest } from '../client/middleware.ts'
import type { Usage } from '../wire/index.ts'
import { readRateLimit } from './rate-limit.ts'
import { createTokenBucket } from './token-bucket.ts'

/** What the server's limits allow, as far as its answers tell. */
export interface Quota {
  /** How long until there is room for a request; 0: there is. */
  waitMs(request: OutgoingRequest): number
  /** Takes what a request needs. */
  take(request: OutgoingRequest): Share
}

/** What one request has taken. */
interface Share {
  /** Gives whether the answer tells of limits. */
  answered(response: Response): boolean
  /** To be called in the end, whether there was an answer or not. */
  end(value: unknown): void
}

const names = ['requests', 'input-tokens', 'output-tokens', 'tokens']

export function createQuota(): Quota {
  const buckets = names.map(createTokenBucket)
  // What English text has. Images and cached prompts have less, and soon show it.
  let tokensPerCharacter = 0.25
  let output = 0

  /** For each bucket. */
  function costsOf({ body }: OutgoingRequest): number[] {
    const input = lengthOf(body) * tokensPerCharacter
    return [1, input, output, input + output]
  }

  return {
    waitMs: (request) => Math.max(...costsOf(request).map((cost, n) => buckets[n]!.waitMs(cost))),
    take(request) {
      const sentAt = Date.now()
      let untold = costsOf(request).map((cost, n) => buckets[n]!.take(cost))
      return {
        answered({ headers, status }) {
          const limits = names.map((name) => readRateLimit(headers, `ratelimit-${name}`))
          // The limit on all tokens says nothing new where input and output are told apart.
          if (limits[1] || limits[2]) limits[3] = undefined
          const now = Date.now()
          const answer = { now: now + clockOffset(headers, sentAt), ageMs: now - sentAt, refused: status === 429 }
          untold.forEach((tell, n) => void tell(limits[n], answer))
          untold = []
          return limits.some(Boolean)
        },
        end(value) {
          for (const tell of untold) tell()
          untold = []
          const { input_tokens, cache_creation_input_tokens, output_tokens } = Object(Object(value).usage) as Usage
          const input = input_tokens + (cache_creation_input_tokens ?? 0)
          tokensPerCharacter = drift(tokensPerCharacter, input / lengthOf(request.body))
          output = drift(output, output_tokens)
        },
      }
    },
  }
}

const lengthOf = (body: unknown) => (typeof body === 'string' ? body.length : 0)

const drift = (mean: number, value: number) => (value >= 0 && value < 1e9 ? mean + (value - mean) / 5 : mean)

/**
 * By how much the server's clock is certainly ahead of ours: its `date`, in whole seconds, is of some moment between the
 * sending and now.
 */
function clockOffset(headers: Headers, sentAt: number): number {
  const date = Date.parse(headers.get('date') ?? '')
  return Math.max(date - Date.now(), Math.min(0, date + 1000 - sentAt)) || 0
}
