import { type Client, type Middleware, withOptions } from '@enjamb/core'
import type { JournalState } from '../journal/fold.ts'

/** A client whose requests say which session they are for, and which of its turns. */
export function withOrigin(client: Client, session: string, state: Readonly<JournalState>): Client {
  const name: Middleware = (request, next) => next({ ...request, origin: { session, turn: state.turn?.seq } })
  return withOptions(client, { middleware: [name, ...client.middleware] })
}
