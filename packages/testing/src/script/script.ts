import type { Turn } from './turn.ts'

/** Replies in order: a plan, not a run; each mock that it is given to plays it from the start. */
export interface Script {
  readonly turns: readonly Turn[]
}

/**
 * Replies for the mock to give, one for each request to `/v1/messages` that it accepts; a refused request uses none up.
 * After the last one the mock answers with its default.
 *
 * @example
 * ```ts
 * const server = await createMockServer({
 *   script: script([
 *     { error: 529 },
 *     { text: 'Let me look.', toolCalls: [{ name: 'read_file', input: { path: 'a.txt' } }] },
 *     ({ toolResults }) => `It says: ${toolResults[0]?.text}`,
 *   ]),
 * })
 * ```
 */
export function script(turns: readonly Turn[]): Script {
  return { turns: [...turns] }
}
