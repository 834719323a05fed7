import { ConfigError } from '@enjamb/core'
import type { FileAccess } from '@enjamb/tools'
import type { Entry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import type { SessionStore } from '../journal/session-store.ts'
import { applyRewind } from '../rewind/apply-rewind.ts'
import { planRewind, type RewindPlan } from '../rewind/plan-rewind.ts'

/** How far a session goes back, and what becomes of the files. */
export interface RewindOptions {
  /** The entry from which it goes on, as if those after it had not been: one after which no turn was open. */
  to: number
  /**
   * Whether files that tools changed since get back what they held: all but those that somebody else has changed, too; with
   * `force` these as well. Default true. What commands did, as of Bash, is not taken back.
   */
  files?: boolean | 'force' | undefined
  /** Only says what would be done. */
  dryRun?: boolean | undefined
}

export interface RewoundSession {
  id: string
  store: SessionStore
  journal: Journal
  files: FileAccess | undefined
}

export async function rewindSession(
  { id, store, journal, files: access }: RewoundSession,
  { to, files = true, dryRun = false }: RewindOptions,
): Promise<RewindPlan> {
  const all = await entriesOf(store, id)
  const entries = files ? all : all.filter(({ type }) => type !== 'checkpoint')
  if (!access && entries.some(({ type, seq }) => type === 'checkpoint' && seq > to)) {
    throw new ConfigError(
      'The tools of this session cannot put files back: give it those of codingTools(), or rewind with files: false.',
    )
  }
  const tools = { access: access!, blobs: store.blobs, force: files === 'force' }
  const plan = await planRewind(entries, to, tools)
  if (dryRun) return plan
  const done = await applyRewind(plan, tools, (entry) => journal.append(entry))
  const changed = done.files.filter(({ change }) => change === 'restored' || change === 'removed')
  await journal.append({ type: 'rewind', to, files: changed.map(({ path }) => path) })
  return done
}

export async function entriesOf(store: SessionStore, id: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of store.read(id)) entries.push(entry)
  return entries
}
