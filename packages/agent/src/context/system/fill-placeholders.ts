import { findModel } from '@enjamb/core'

/** A text in which `{model_display_name}`, `{model_id}` and `{knowledge_cutoff}` are what they name; all else in braces stays. */
export function fillPlaceholders(text: string, model: string): string {
  const known = findModel(model)
  const values: Record<string, string> = {
    model_display_name: known?.displayName ?? model,
    model_id: model,
    knowledge_cutoff: known?.knowledgeCutoff ?? 'a date that is not published',
  }
  return text.replace(/\{(model_display_name|model_id|knowledge_cutoff)\}/g, (_, name: string) => values[name]!)
}
