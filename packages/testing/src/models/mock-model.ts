import { type Model, models } from '@enjamb/core'

/** What the mock knows of a model: the one table of facts, under the id that the API answers with. */
export interface MockModel
  extends Pick<
    Model,
    | 'displayName'
    | 'contextWindow'
    | 'maxOutputTokens'
    | 'thinking'
    | 'effort'
    | 'forcedToolChoice'
    | 'systemMessages'
    | 'cacheMinimumTokens'
    | 'images'
    | 'fastMode'
  > {
  id: string
  /** RFC 3339; the epoch where the id does not tell. */
  createdAt: string
  /** Whether the conversation may end with the beginning of the answer. */
  prefill: boolean
  /** Whether it says where it runs. */
  inferenceGeo: boolean
}

/** The models that the mock serves, the newest generation first. */
export const mockModels: readonly MockModel[] = models.map((model) => {
  const id = model.snapshot ?? model.id
  const prefill = !model.thinking.styles.includes('adaptive')
  return { ...model, id, createdAt: createdAt(id), prefill, inferenceGeo: model.prices?.usSurcharge === true }
})

const byName = new Map(
  mockModels.flatMap((model) => [
    [model.id, model],
    [model.id.replace(/-\d{8}$/, ''), model],
  ]),
)

/**
 * The model of an id, or of a dated id without its date; `undefined` for an unknown one.
 * A name of `extra` is a model too, with the limits of the newest, and none of its oddities.
 */
export function findMockModel(id: string, extra: readonly string[] = []): MockModel | undefined {
  const known = byName.get(id)
  const newest = mockModels[0]
  if (known || !newest || !extra.includes(id)) return known
  const { off, offUpTo, ...thinking } = newest.thinking
  return {
    ...newest,
    id,
    displayName: id,
    thinking: { ...thinking, styles: ['adaptive', 'enabled'], byDefault: false, off: 'disabled', bound: 'no' },
    forcedToolChoice: true,
  }
}

function createdAt(snapshot: string): string {
  const date = /-(\d{4})(\d\d)(\d\d)$/.exec(snapshot)?.slice(1) ?? ['1970', '01', '01']
  return `${date.join('-')}T00:00:00Z`
}
