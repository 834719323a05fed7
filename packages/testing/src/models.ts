/** What the mock knows of a model: enough to list it, and to refuse what the API refuses for it. */
export interface MockModel {
  id: string
  displayName: string
  line: 'haiku' | 'sonnet' | 'opus' | 'fable' | 'mythos'
  /** RFC 3339. */
  createdAt: string
  contextWindow: number
  maxTokens: number
  /** Which `thinking.type` it takes: `adaptive`, `enabled` with a budget, or both. */
  thinking: 'adaptive' | 'budget' | 'both'
  /** Whether the conversation may end with the beginning of the answer. */
  prefill: boolean
}

type Row = [id: string, displayName: string, date: string, maxTokens: number, thinking: MockModel['thinking']]

const rows: Row[] = [
  ['claude-opus-5-5', 'Claude Opus 5.5', '2026-10-21', 128_000, 'adaptive'],
  ['claude-sonnet-5-5', 'Claude Sonnet 5.5', '2026-10-21', 128_000, 'adaptive'],
  ['claude-haiku-5-5', 'Claude Haiku 5.5', '2026-10-21', 128_000, 'adaptive'],
  ['claude-fable-5-2', 'Claude Fable 5.2', '2026-10-21', 128_000, 'adaptive'],
  ['claude-mythos-5-2', 'Claude Mythos 5.2', '2026-10-21', 128_000, 'adaptive'],
  ['claude-fable-5-1', 'Claude Fable 5.1', '2026-08-01', 128_000, 'adaptive'],
  ['claude-mythos-5-1', 'Claude Mythos 5.1', '2026-08-01', 128_000, 'adaptive'],
  ['claude-opus-5', 'Claude Opus 5', '2026-06-01', 128_000, 'adaptive'],
  ['claude-sonnet-5', 'Claude Sonnet 5', '2026-06-01', 128_000, 'adaptive'],
  ['claude-fable-5', 'Claude Fable 5', '2026-06-01', 128_000, 'adaptive'],
  ['claude-mythos-5', 'Claude Mythos 5', '2026-06-01', 128_000, 'adaptive'],
  ['claude-mythos-preview', 'Claude Mythos Preview', '2026-04-07', 128_000, 'adaptive'],
  ['claude-opus-4-8', 'Claude Opus 4.8', '2026-05-01', 128_000, 'adaptive'],
  ['claude-opus-4-7', 'Claude Opus 4.7', '2026-04-16', 128_000, 'adaptive'],
  ['claude-sonnet-4-6', 'Claude Sonnet 4.6', '2026-02-17', 128_000, 'both'],
  ['claude-opus-4-6', 'Claude Opus 4.6', '2026-02-05', 128_000, 'both'],
  ['claude-opus-4-5-20251101', 'Claude Opus 4.5', '2025-11-24', 64_000, 'budget'],
  ['claude-haiku-4-5-20251001', 'Claude Haiku 4.5', '2025-10-15', 64_000, 'budget'],
  ['claude-sonnet-4-5-20250929', 'Claude Sonnet 4.5', '2025-09-29', 64_000, 'budget'],
]

/** The models that the mock serves, the newest first. */
export const mockModels: readonly MockModel[] = rows.map(([id, displayName, date, maxTokens, thinking]) => ({
  id,
  displayName,
  line: id.split('-')[1] as MockModel['line'],
  createdAt: `${date}T00:00:00Z`,
  contextWindow: thinking === 'budget' ? 200_000 : 1_000_000,
  maxTokens,
  thinking,
  prefill: thinking === 'budget',
}))

/**
 * The model of an id, or of a dated id without its date; `undefined` for an unknown one.
 * A name of `extra` is a model too, with the limits of the newest.
 */
export function findModel(id: string, extra: readonly string[] = []): MockModel | undefined {
  const known = mockModels.find((model) => model.id === id || model.id.replace(/-\d{8}$/, '') === id)
  const newest = mockModels[0]
  return known ?? (newest && extra.includes(id) ? { ...newest, id, displayName: id, thinking: 'both' } : undefined)
}
