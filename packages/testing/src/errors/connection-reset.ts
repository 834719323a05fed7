/** No answer at all: what `fetch` makes of a connection that was reset. */
export class ConnectionReset extends TypeError {
  constructor() {
    super('fetch failed', { cause: new Error('the mock reset the connection, as its script says') })
  }
}
