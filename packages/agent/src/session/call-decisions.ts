import { ConfigError } from '@enjamb/core'
import type { DecisionEntry, PendingEntry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import { waitingCalls } from '../journal/waiting-calls.ts'
import type { Decision } from './session.ts'

/** What waits in a session, and what is said to it. */
export interface CallDecisions {
  /** Calls that nobody has decided about, or is deciding about. */
  waiting(): PendingEntry[]
  /** Of these, those that none of some decisions is about. */
  undecided(decisions: readonly DecisionEntry[]): PendingEntry[]
  /** @throws {ConfigError} some are left undecided */
  check(decisions: readonly DecisionEntry[]): void
  /** @throws {ConfigError} no such call waits, it waits for something else, or what was shown is not what waits */
  toEntry(callId: string, decision: Decision): DecisionEntry
  /** Writes one down, as {@link CallDecisions.toEntry} makes it. */
  decide(callId: string, decision: Decision): Promise<void>
}

export function callDecisions(id: string, journal: Pick<Journal, 'state' | 'append'>): CallDecisions {
  const { state } = journal
  /** Calls about which a decision is being written down. */
  const deciding = new Set<string>()

  const decisions: CallDecisions = {
    waiting: () => waitingCalls(state).filter(({ id }) => !deciding.has(id)),
    undecided: (said) => decisions.waiting().filter(({ id }) => !said.some((decision) => decision.id === id)),
    check(said) {
      const calls = decisions.undecided(said).map(named)
      if (!calls.length) return
      throw new ConfigError(
        `Calls wait for a decision: ${calls.join(', ')}. Decide about them, or send with when: 'now', which refuses them.`,
      )
    },
    toEntry(callId, { allow, input, reason, always, content, hash, by }) {
      const open = decisions.waiting()
      const entry = open.find(({ id }) => id === callId)
      if (!entry) {
        const waits = open.map(named).join(', ') || 'nothing'
        throw new ConfigError(`No call ${callId} waits for a decision in session ${id}; what waits: ${waits}.`)
      }
      const { kind, call } = entry
      if (hash !== undefined && hash !== entry.hash) {
        throw new ConfigError(
          `What was shown is not what call ${callId} of ${call.name} would do now: show it again, then decide.`,
        )
      }
      if (kind === 'approval' && typeof allow !== 'boolean') {
        throw new ConfigError(`Call ${callId} of ${call.name} waits to be allowed: give allow, true or false.`)
      }
      if (kind !== 'approval' && content === undefined && allow !== false) {
        throw new ConfigError(`Call ${callId} of ${call.name} waits for its result: give content.`)
      }
      const fields = { input, reason, always, content, by }
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
      return { type: 'decision', id: callId, allow: allow ?? true, ...given }
    },
    async decide(callId, decision) {
      const entry = decisions.toEntry(callId, decision)
      deciding.add(callId)
      try {
        await journal.append(entry)
      } finally {
        deciding.delete(callId)
      }
    },
  }
  return decisions
}

function named({ id, call }: PendingEntry): string {
  return `${id} (${call.name})`
}
