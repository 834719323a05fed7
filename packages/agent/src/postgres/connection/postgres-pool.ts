/** What is used of a `Pool` of the package `pg`, which you make, set up and end. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>
  on(event: 'error', listener: (error: Error) => void): unknown
  readonly options: { max?: number | undefined }
}

/** What is used of the clients of such a pool. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<PostgresResult>
  release(destroy?: boolean): void
  // biome-ignore lint/suspicious/noExplicitAny: events differ in what they tell.
  on(event: any, listener: (value: any) => void): unknown
  // biome-ignore lint/suspicious/noExplicitAny: as above
  removeListener(event: any, listener: (value: any) => void): unknown
}

/** What comes of a statement, as `pg` has it. */
export interface PostgresResult {
  // biome-ignore lint/suspicious/noExplicitAny: rows have the columns that the statement names.
  rows: any[]
}

const heard = new WeakSet<object>()
const ignore = () => {}

/** A client of the pool, whose connection may break at any time, and more than once, without ending the process. */
export async function connect(pool: PostgresPool): Promise<PostgresClient> {
  hear(pool)
  const client = await pool.connect()
  hear(client)
  return client
}

function hear(emitter: PostgresPool | PostgresClient): void {
  if (heard.has(emitter)) return
  heard.add(emitter)
  emitter.on('error', ignore)
}
