import { models } from '@enjamb/core'

/** What the mock knows of a model: enough to list it, and to refuse what the API refuses for it. */
export interface MockModel {
  id: string
  displayName: string
  /** RFC 3339; the epoch where the id does not tell. */
  createdAt: string
  contextWindow: number
  maxTokens: number
  /** Which `thinking.type` it takes: `adaptive`, `enabled` with a budget, or both. */
  thinking: 'adaptive' | 'budget' | 'both'
  effort: boolean
  /** Whether the conversation may end with the beginning of the answer. */
  prefill: boolean
}

/** The models that the mock serves, the newest generation first. */
export const mockModels: readonly MockModel[] = models.map((model) => {
  const { id, snapshot = id, displayName, contextWindow, maxOutputTokens, effort, thinking } = model
  const [first, second] = thinking.styles
  return {
    id: snapshot,
    displayName,
    createdAt: createdAt(snapshot),
    contextWindow,
    maxTokens: maxOutputTokens,
    thinking: second ? 'both' : first === 'adaptive' ? 'adaptive' : 'budget',
    effort: effort !== undefined,
    prefill: first === 'enabled',
  }
})

/**
 * The model of an id, or of a dated id without its date; `undefined` for an unknown one.
 * A name of `extra` is a model too, with the limits of the newest.
 */
export function findMockModel(id: string, extra: readonly string[] = []): MockModel | undefined {
  const known = mockModels.find((model) => model.id === id || model.id.replace(/-\d{8}$/, '') === id)
  const newest = mockModels[0]
  return known ?? (newest && extra.includes(id) ? { ...newest, id, displayName: id, thinking: 'both' } : undefined)
}

function createdAt(snapshot: string): string {
  const date = /-(\d{4})(\d\d)(\d\d)$/.exec(snapshot)?.slice(1) ?? ['1970', '01', '01']
  return `${date.join('-')}T00:00:00Z`
}
