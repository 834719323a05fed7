import { modelId } from '../../models/find-model-row.ts'

/** Where Bedrock may answer: anywhere, which costs least; within a geography; or in the region that is asked. */
export type BedrockGeo = 'global' | 'us' | 'eu' | 'jp' | 'au' | 'apac' | 'us-gov' | 'in-region'

/** What stands behind the ids of older models there. */
const versions: Record<string, string> = {
  'claude-haiku-4-5': '-20251001-v1:0',
  'claude-sonnet-4-5': '-20250929-v1:0',
  'claude-opus-4-5': '-20251101-v1:0',
  'claude-opus-4-6': '-v1',
}

/**
 * The id that Bedrock has for a model of the API; one of its own, or an ARN, stays as it is.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/claude-on-amazon-bedrock#api-model-ids
 */
export function bedrockModel(model: string, geo: BedrockGeo): string {
  if (!model.startsWith('claude-')) return model
  const id = modelId(model)
  return `${geo === 'in-region' ? '' : `${geo}.`}anthropic.${id}${versions[id] ?? ''}`
}

/**
 * Where a model of this id answers, as usages say it: `undefined` for anywhere. What an ARN does not tell is taken for the
 * region, which is dearer.
 *
 * @see https://aws.amazon.com/bedrock/pricing/
 */
export function bedrockRegion(model: string, region: string): string | undefined {
  const [, geo = region] = /(?:^|\/)([a-z-]+)\.anthropic\./.exec(model) ?? []
  return geo === 'global' ? undefined : `bedrock-${geo}`
}
