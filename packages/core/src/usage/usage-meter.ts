import type { Middleware } from '../client/middleware.ts'
import { ConfigError } from '../errors/config-error.ts'
import type { MessageParams } from '../wire/index.ts'
import { type Bookkeeper, createBookkeeper } from './bookkeeper.ts'
import { type Budget, parseBudgets } from './budget/budgets.ts'
import type { UsagePeriod } from './budget/period.ts'
import type { ThresholdEvent } from './budget/thresholds.ts'
import type { Reservation } from './ledger/reservation.ts'
import { memoryUsageStore } from './memory-usage-store.ts'
import { createUsageMiddleware } from './usage-middleware.ts'
import { readStats, type UsageStats } from './usage-stats.ts'
import type { UsageStore } from './usage-store.ts'

/** The books of a meter, and the budgets that it holds. */
export interface UsageMeterOptions {
  /** Default: `memoryUsageStore()`. `fileUsageStore` of `@enjamb/core/node` outlives the process, and several share it. */
  store?: UsageStore | undefined
  /** Whose the calls are that name no project. Default `default`. */
  project?: string | undefined
  /** By project. A project without a budget is metered, and never refused. */
  budgets?: { readonly [project: string]: Budget } | undefined
  /** Told when a project's spending reaches a part of its budget: once for each part and period, also with a shared store. */
  onThreshold?: ((event: ThresholdEvent) => void) | undefined
  /** Parts of a budget, as 0.8. Default 0.5, 0.8 and 1. */
  thresholds?: readonly number[] | undefined
  /**
   * How a prompt is measured before a call: `local`, the default, takes a byte for a token; `api` asks the API, for
   * nothing but time, where that would not fit the budget.
   */
  count?: 'local' | 'api' | undefined
  /**
   * The most tokens that one web search or fetch brings into the prompt. Default: the model's whole context window,
   * which is safe and dear: a search by Opus 5.5 sets up to 55 dollars aside. Less is a bet on what the web holds.
   */
  searchTokens?: number | undefined
  /**
   * Where a message at its `max_tokens` does not fit the budget, it is sent with as many as do, if they are at least so many;
   * a thinking budget that leaves fewer of them for the answer becomes the API's least, 1,024, beside them. An answer
   * that is cut off there has the `stop_reason` `max_tokens`. Default: none is sent with fewer.
   */
  minOutputTokens?: number | undefined
  /** Epoch milliseconds. Default `Date.now`. */
  now?: (() => number) | undefined
}

/** Counts what calls cost, and refuses those that could break a budget: see `createUsageMeter`. */
export interface UsageMeter {
  /**
   * For `createClient({ middleware: [...] })`: meters `POST /v1/messages` and `/v1/messages/batches`, and lets all else
   * pass. Put it last, so that it sees requests as they are sent: it measures `params`, so who changes the body before it
   * changes them, too.
   *
   * Every attempt has a reservation of its own, until its answer is read, given up or has failed. A batch is charged its worst case when it is accepted, at batch prices,
   * since its results come by another way.
   */
  readonly middleware: Middleware
  /**
   * Sets aside the most that a request can cost, for calls that go another way than the client. Settle or release it.
   *
   * @throws {BudgetExceededError} that could break the project's budget
   * @throws {ConfigError} the project has a budget, and the request no bound
   */
  reserve(params: MessageParams, options?: { project?: string | undefined }): Promise<Reservation>
  /**
   * What a project has spent in the period that is now, in UTC days; weeks begin on Monday. All calls that are over are
   * in it.
   *
   * @param query defaults: the meter's project; its budget's period, or `total`
   * @throws {ConfigError} no such period; what the store rejects with
   */
  stats(query?: { project?: string | undefined; period?: UsagePeriod | undefined }): Promise<UsageStats>
}

/**
 * Meters what calls cost, and refuses those that could break a budget before they are sent.
 *
 * Each call first sets aside the most it can cost at list prices, atomically in the store, so that calls under way never
 * exceed a budget together: a byte of the request for a token, `max_tokens` of output, every web search that is allowed,
 * the dearest prices that could apply. What has no such bound is refused where there is a budget: models without a price,
 * server tools without `max_uses`, code execution, MCP servers and parameters that this version does not know.
 *
 * Its real cost takes that place when it is over. What the API refuses or never saw costs nothing; a stream that breaks
 * off costs what arrived, a byte for a token; where nobody can know whether a call was billed, as after a timeout, the
 * whole reservation counts as spent. So what is spent stays within a budget at list prices, unless the API itself charges
 * more for a call than its request allows.
 *
 * @throws {ConfigError} a budget or threshold is not more than 0, or another option is not usable
 * @example
 * const meter = createUsageMeter({ budgets: { default: { usd: 5, period: 'day' } } })
 * const client = createClient({ middleware: [meter.middleware] })
 * const { totalCost, remaining } = await meter.stats()
 */
export function createUsageMeter(options: UsageMeterOptions = {}): UsageMeter {
  const { project: own = 'default', thresholds = [0.5, 0.8, 1], count = 'local' } = options
  const { searchTokens, minOutputTokens } = options
  if (!own) throw new ConfigError('project must be a name.')
  if (count !== 'local' && count !== 'api') throw new ConfigError('count must be local or api.')
  if (searchTokens !== undefined && !(searchTokens > 0)) throw new ConfigError('searchTokens must be more than 0.')
  if (minOutputTokens !== undefined && !(minOutputTokens >= 1))
    throw new ConfigError('minOutputTokens must be 1 or more.')
  if (!thresholds.every((part) => part > 0)) throw new ConfigError('thresholds must be more than 0.')
  const books: Bookkeeper = createBookkeeper({
    store: options.store ?? memoryUsageStore(),
    budgets: parseBudgets(options.budgets),
    onThreshold: options.onThreshold,
    thresholds: [...thresholds].sort((a, b) => a - b),
    searchTokens,
    now: options.now ?? Date.now,
  })
  return {
    middleware: createUsageMiddleware(books, { own, count, minOutputTokens }),
    reserve: (params, { project = own } = {}) => books.reserve({ project, requests: [params] }),
    stats: ({ project = own, period } = {}) => readStats(books, project, period),
  }
}
