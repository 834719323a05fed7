/** The models whose ids have a date there. */
const dated = /^(claude-(?:haiku|sonnet|opus)-4-5)(?:-(\d{8}))?$/

const dates: Record<string, string> = {
  'claude-haiku-4-5': '20251001',
  'claude-sonnet-4-5': '20250929',
  'claude-opus-4-5': '20251101',
}

/**
 * The id that Vertex AI has for a model of the API; one of its own stays as it is.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai#api-model-ids
 */
export function vertexModel(model: string): string {
  const [, name = '', date = dates[name]] = dated.exec(model) ?? []
  return name ? `${name}@${date}` : model
}
