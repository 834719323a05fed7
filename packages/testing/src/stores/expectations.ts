/** Without a test runner's own, so that the tests run under any, and in a browser. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (got !== wanted) throw new Error(`${what} should be ${wanted?.slice(0, 500)}, and is ${got?.slice(0, 500)}.`)
}

/** What a promise is rejected with, which must have this code. */
export async function expectError(
  work: Promise<unknown>,
  code: string,
  what: string,
): Promise<Record<string, unknown>> {
  const error = await work.then(
    () => undefined,
    (thrown) => Object(thrown),
  )
  if (!error) throw new Error(`${what} should be refused (${code}), and is not.`)
  if (error.code !== code)
    throw new Error(`${what} should be refused with the code ${code}, and is with ${error.code}: ${error.message}`)
  return error
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of source) all.push(one)
  return all
}
