import { modelAliases } from './model-aliases.generated.ts'
import { modelTable } from './model-table.generated.ts'

/**
 * Nano-dollars an input token and one read from the cache; letters; and where long prompts are dearer, from how many
 * tokens on and how many times. A token of output costs five times one of input, one written to the cache 1.25 times for
 * five minutes and twice for an hour: the generator makes sure that this is so. The letters:
 *
 * | | |
 * |---|---|
 * | `f` `u` | has a fast mode at twice the price; is a tenth dearer in the US |
 * | `a` `b` `o` | thinks adaptively; with a budget; unasked |
 * | `d` `t` `h` | thinking is turned off by `disabled`; by `between_tools`; only with an effort of `high` at most |
 * | `c` | takes a forced tool choice |
 * | `e` `m` `x` | takes the efforts `low` to `high`; `max`; `xhigh` |
 */
export type ModelRow = readonly [input: number, cacheRead: number, letters: string, overTokens?: number, times?: number]

/** The id without its date that an id or alias stands for; of anything else, the same. */
export function modelId(name: string): string {
  // Whatever a server says is its name.
  const alias = `${name}`.toLowerCase() as keyof typeof modelAliases
  return Object.hasOwn(modelAliases, alias) ? modelAliases[alias] : `${name}`.replace(/-\d{8}$/, '')
}

/** An id that is merely similar finds nothing: a new model is never taken for an older one. */
export function modelRow(name: string): ModelRow | undefined {
  const id = modelId(name)
  return Object.hasOwn(modelTable, id) ? modelTable[id] : undefined
}
