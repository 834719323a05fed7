import { invalidRequest } from '../errors/rejection.ts'

/** One page of a list, as the API pages: `limit` (1 to 1000, default 20), `after_id`, `before_id`. */
export interface Page<Item> {
  data: Item[]
  has_more: boolean
  first_id: string | null
  last_id: string | null
}

/** @throws {Rejection} 400 for a limit out of bounds */
export function paginate<Item extends { id: string }>(items: readonly Item[], query: URLSearchParams): Page<Item> {
  const limit = Number(query.get('limit') ?? 20)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw invalidRequest('limit: Input should be greater than or equal to 1 and less than or equal to 1000')
  }
  const after = items.findIndex(({ id }) => id === query.get('after_id'))
  const before = items.findIndex(({ id }) => id === query.get('before_id'))
  const start = before === -1 ? after + 1 : Math.max(0, before - limit)
  const end = before === -1 ? start + limit : before
  const data = items.slice(start, end)
  return {
    data,
    has_more: before === -1 ? end < items.length : start > 0,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  }
}
