import type { Client } from '../client/client.ts'
import { StreamParseError } from '../errors/connection/stream-parse-error.ts'
import { readJSON } from '../http/answer/read-json.ts'
import type { RequestOptions } from '../http/request.ts'
import { send } from '../http/send.ts'

/** A page of either of the API's kinds. */
interface Page<Item> {
  data?: Item[]
  has_more?: boolean
  first_id?: string | null
  last_id?: string | null
  next_page?: string | null
}

interface Query {
  readonly [name: string]: string | number | readonly string[] | null | undefined
}

/**
 * The items of a list, in its order, over all pages; a page is fetched when the one before it has been used up.
 *
 * @throws {StreamParseError} the answer is no page, or names itself as the next one
 */
export async function* listItems<Item>(
  client: Client,
  path: string,
  query: Query,
  options: RequestOptions,
): AsyncGenerator<Item, void, undefined> {
  for (let cursor: Query | undefined = {}; cursor; ) {
    const page: Page<Item> = await send(
      client,
      { method: 'GET', path: path + toQuery({ ...query, ...cursor }) },
      options,
      readJSON<Page<Item>>,
    )
    if (!Array.isArray(page?.data)) throw new StreamParseError('No list in the answer.')
    yield* page.data
    const next = nextPage(page, query)
    // A gateway that does not know the parameter gives the first page for ever.
    if (next && JSON.stringify(next) === JSON.stringify(cursor)) throw new StreamParseError('The list does not end.')
    cursor = next
  }
}

function nextPage<Item>({ has_more, first_id, last_id, next_page }: Page<Item>, query: Query): Query | undefined {
  if (next_page) return { page: next_page }
  if (!has_more) return undefined
  if (query.before_id) return first_id ? { before_id: first_id } : undefined
  return last_id ? { after_id: last_id } : undefined
}

/** A list stands there as the API reads it: `name[]` once for each of its values. */
function toQuery(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((one) => [`${name}[]`, one]) : value == null ? [] : [[name, String(value)]],
  )
  return pairs[0] ? `?${new URLSearchParams(pairs)}` : ''
}
