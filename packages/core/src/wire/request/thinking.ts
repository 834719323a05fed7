/**
 * Whether and how the model thinks before it answers.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking
 */
export type ThinkingConfig =
  | ThinkingConfigAdaptive
  | ThinkingConfigEnabled
  | ThinkingConfigDisabled
  | ThinkingConfigBetweenTools

/** `omitted` leaves the text of thinking blocks empty; the signature stays. */
export type ThinkingDisplay = 'summarized' | 'omitted'

/** The model decides when and how much to think. For current models. */
export interface ThinkingConfigAdaptive {
  type: 'adaptive'
  display?: ThinkingDisplay | null
}

/** A fixed budget. For models without adaptive thinking. */
export interface ThinkingConfigEnabled {
  type: 'enabled'
  /** At least 1024, and below `max_tokens`, which it counts towards. */
  budget_tokens: number
  display?: ThinkingDisplay | null
}

/** The model does not think before it answers. Some models refuse that. */
export interface ThinkingConfigDisabled {
  type: 'disabled'
}

/** The model thinks between calls of tools alone. */
export interface ThinkingConfigBetweenTools {
  type: 'between_tools'
}
