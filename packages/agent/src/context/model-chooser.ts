import type { MessageParam, ModelChoice, SelectModelOptions } from '@enjamb/core'

/**
 * Chooses the model of a session by what it is asked first, and by what may still be spent, where that is known: `chooseModel` of
 * `@enjamb/core`, or a function of your own.
 */
export type ModelChooser = (
  prompt: readonly MessageParam[],
  options: SelectModelOptions,
) => ModelChoice | Promise<ModelChoice>
