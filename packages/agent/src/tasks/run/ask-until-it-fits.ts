import { SchemaMismatchError } from '@enjamb/core'
import type { TurnResult } from '../../turn/turn-result.ts'

const retries = 2

/**
 * Asks, and where the answer does not fit its schema, says what is wrong with it and asks again, twice.
 *
 * @throws {SchemaMismatchError} it still does not
 */
export async function askUntilItFits(
  ask: (prompt: { id: string; prompt: string }) => Promise<TurnResult<unknown>>,
  first: { id: string; prompt: string },
): Promise<TurnResult<unknown>> {
  let next = first
  for (let left = retries; ; left--) {
    try {
      return await ask(next)
    } catch (error) {
      if (!left || !(error instanceof SchemaMismatchError)) throw error
      const prompt = `${error.message}\nGive the whole answer again, so that it fits.`
      next = { id: crypto.randomUUID(), prompt }
    }
  }
}
