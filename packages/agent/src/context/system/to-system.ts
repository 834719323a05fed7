import type { TextBlockParam } from '@enjamb/core'
import type { ContextOptions } from '../context-options.ts'
import { defaultSystem } from './default-system.ts'
import { fillPlaceholders } from './fill-placeholders.ts'

type Texts = ContextOptions['system']

/**
 * The system prompt as the API takes it: the prompt, the instructions, what is added.
 *
 * @param instructions of the project, in which nothing is filled in: they are others' words
 * @returns `undefined` where nothing is left
 */
export function toSystem(
  { system = defaultSystem, appendSystem }: ContextOptions,
  model: string,
  instructions = '',
): TextBlockParam[] | undefined {
  const fill = (texts: Texts) =>
    toBlocks(texts).map((block) => ({ ...block, text: fillPlaceholders(block.text, model) }))
  const blocks = [...fill(system), ...toBlocks(instructions), ...fill(appendSystem)]
  return blocks.length ? blocks : undefined
}

/** The API refuses blank text. */
function toBlocks(texts: Texts = []): readonly TextBlockParam[] {
  const blocks: readonly TextBlockParam[] = typeof texts === 'string' ? [{ type: 'text', text: texts }] : texts
  return blocks.filter(({ text }) => text.trim())
}
