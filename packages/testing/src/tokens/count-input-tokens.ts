import { type Prompt, promptSegments } from './prompt-segments.ts'

/**
 * The tokens of a prompt, roughly: a token for every four bytes of UTF-8 (rounded up for each text), 4 for each message,
 * 346 once where tools are offered, 1,600 for an image, 3,000 for a document that is not text. The same prompt always counts the same.
 */
export function countInputTokens(prompt: Prompt): number {
  return promptSegments(prompt).reduce((sum, { tokens }) => sum + tokens, 0)
}
