import type { AgentOptions } from '../../../agent-options.ts'
import type { Agent } from '../../../create-agent.ts'
import type { Entry, FrozenParams, TurnEntry, TurnStatus } from '../../../journal/entry.ts'
import type { ErrorFacts } from '../../../journal/error-facts.ts'
import { createFold } from '../../../journal/fold.ts'
import { memoryStore } from '../../../journal/memory-store.ts'
import type { Session } from '../../../session/session.ts'
import type { Player } from '../play-exchanges.ts'
import type { RecordedCall } from '../recorded-calls.ts'
import { type Exchange, isLostSummary } from '../recorded-exchanges.ts'
import { ReplayError } from '../replay-error.ts'
import { recordedPermission, startingAt } from '../replay-options.ts'
import { toError } from '../to-response.ts'
import { createScore } from './create-score.ts'
import { heardStore } from './heard-store.ts'
import { watchWaiting } from './watch-waiting.ts'
import { withoutWaitingBelow } from './without-waiting-below.ts'

interface Orchestra {
  make(options: AgentOptions): Agent
  optionsOf(frozen: FrozenParams, starting: string[]): AgentOptions
  exchanges: readonly Exchange[]
  player: Player
}

/** Has a session do again what it did, entry by entry. */
export async function conduct(
  all: readonly Entry[],
  { make, optionsOf, exchanges, player }: Orchestra,
): Promise<Session> {
  const entries = withoutWaitingBelow(all)
  const head = entries.find((entry) => entry.type === 'session')
  if (!head) throw new ReplayError('The record has no session entry, with which a journal begins.', {})
  const score = createScore(entries, cutIn(exchanges))
  let session: Session
  /** Ends the turn that is under way, or begins next. */
  let stop = new AbortController()
  /** A turn is under way. */
  let isTurn = false
  /** It waits for somebody to end it. */
  let isStalled = false
  /** What whoever listens to the next text throws. */
  let thrown: ErrorFacts | undefined
  let status: TurnStatus | undefined
  let failure: unknown
  const onText = () => {
    if (thrown) throw toError(thrown)
  }

  const store = heardStore(memoryStore(), (written, lastSeq) => {
    watch.note()
    for (const entry of written) if (entry.type === 'turn') status = entry.status
    score.written(written, lastSeq)
    if (written.some(({ type }) => type === 'turn')) {
      isTurn = false
      // Requests that it was cut off before.
      if (score.ended) player.skipTo(score.ended.seq + 1)
    }
    act()
  })
  player.conductor = {
    reached: score.reached,
    played: score.played,
    onStall(error) {
      thrown = error
      isStalled = !error
      act()
    },
  }

  /** Does within a turn what was done within it: as soon as all is written that was before. */
  function act(): void {
    const entry = score.next
    if (!isTurn || (entry && score.isBegun(entry))) return
    if (!entry || isInterruption(entry, isStalled)) {
      isTurn = false
      stop.abort(entry && reasonOf(entries, entry))
    } else if (entry.type === 'prompt') {
      score.begin(entry)
      session.send(entry.content, { id: entry.id, by: entry.by, when: 'now' })
    } else if (entry.type === 'decision') {
      score.begin(entry)
      session.decide(entry.id, entry).catch((cause) => fail(notAgain(entry, cause)))
    } else if (entry.type === 'note') {
      score.begin(entry)
      session.note(entry.name, entry.data).catch(fail)
    }
  }

  function fail(error: unknown): void {
    failure ??= error
    stop.abort(error)
  }

  async function open(frozen: FrozenParams, starting: string[], resume = true): Promise<void> {
    const options = { ...optionsOf(frozen, starting), store, permission: recordedPermission(player) }
    session = await make(options).session({ id: head!.id, title: head!.title, resume })
  }

  async function reopen(frozen: FrozenParams, starting: string[] = []): Promise<void> {
    await session.close()
    await open(frozen, starting)
  }

  async function play(turn: { final(): Promise<unknown> } | undefined): Promise<void> {
    if (!turn) return
    isTurn = true
    isStalled = false
    thrown = undefined
    // It may have been ended before it did anything.
    act()
    const failed = await turn.final().then(
      () => undefined,
      (error) => ({ error }),
    )
    isTurn = false
    if (failure) throw failure
    if (failed && (failed.error instanceof ReplayError || score.ended?.status !== 'failed')) throw failed.error
    if (score.ended && score.ended.status !== status) throw endsOtherwise(score.ended, status)
  }

  /** Does between turns what was done there. */
  async function step(entry: Entry): Promise<void> {
    const schema = schemaAfter(entries, entry)
    stop = new AbortController()
    const form = { onText, signal: stop.signal, ...(schema !== undefined && { schema: schema as never }) }
    score.begin(entry)
    if (entry.type === 'prompt' || (entry.type === 'params' && isFormat(entry))) {
      const index = entries.findIndex(({ type, seq }) => type === 'prompt' && seq >= entry.seq)
      const prompt = entries[index]
      if (prompt?.type !== 'prompt') throw notAgain(entry)
      const starting = startingAt(entries, index)
      const isFirst = !entries.slice(0, index).some(({ type }) => type === 'prompt')
      if (starting.length && !isFirst) await reopen(frozenAt(entries, prompt.seq), starting)
      score.begin(prompt)
      const { content, id, by } = prompt
      await play(session.send(content, { id, by, ...form }))
    } else if (entry.type === 'params') await reopen(frozenAt(entries, entry.seq))
    else if (entry.type === 'decision') {
      const turn = session.decide(entry.id, entry, form)
      await play(await turn.catch((cause) => Promise.reject(notAgain(entry, cause))))
    } else if (entry.type === 'note') await session.note(entry.name, entry.data)
    else if (entry.type === 'compaction') await session.compact()
    else if (isLostSummary(entry)) await session.compact().catch(() => {})
    else if (entry.type === 'rewind') await session.rewind({ to: score.placeOf(entry.to), files: false })
    else await play(session.continue(form))
  }

  async function playAll(): Promise<Session> {
    const first = entries.findIndex(({ type }) => type === 'prompt')
    await open(head!.frozen, startingAt(entries, first), false)
    for (let entry = score.next; entry; entry = score.next) {
      await step(entry)
      if (score.next !== entry) continue
      // A turn of which nothing came, as it was not let begin.
      if (entry.type !== 'turn') throw notAgain(entry)
      player.skipTo(entry.seq + 1)
      score.skip()
    }
    return session
  }

  const waits = () => isStalled || player.waiting > 0 || score.isAwaited
  let watch!: ReturnType<typeof watchWaiting>
  const stuck = new Promise<never>((_, reject) => {
    watch = watchWaiting(waits, () => {
      const error = waitsForEver(score.next)
      reject(error)
      fail(error)
      session.close().catch(() => {})
    })
  })
  try {
    return await Promise.race([playAll(), stuck])
  } finally {
    watch.stop()
  }
}

function cutIn(exchanges: readonly Exchange[]): RecordedCall[] {
  return exchanges.flatMap(({ calls }) => [...calls.values()]).filter(({ end }) => end)
}

/** Was the turn ended by somebody here? */
function isInterruption(entry: Entry, isStalled: boolean): boolean {
  if (entry.type === 'part') return entry.why === 'interrupted' && isStalled
  return entry.type === 'turn' && entry.status === 'interrupted'
}

function reasonOf(entries: readonly Entry[], { seq }: Entry): string | undefined {
  const end = entries.find((entry) => entry.type === 'turn' && entry.seq >= seq)
  return end?.type === 'turn' ? end.error?.message : undefined
}

/** Only the form of the answers is another: a turn asked for it. */
function isFormat({ changed }: Extract<Entry, { type: 'params' }>): boolean {
  return Object.keys(changed).join() === 'output_config'
}

/** What the answers of a turn have to fit that begins with an entry. */
function schemaAfter(entries: readonly Entry[], { seq }: Entry): unknown {
  const begins = new Set(['decision', 'note', 'context'])
  const next = entries.find((entry) => entry.seq >= seq && !begins.has(entry.type))
  const format = next?.type === 'params' && isFormat(next) ? next.changed.output_config?.format : undefined
  return format?.schema
}

function frozenAt(entries: readonly Entry[], seq: number): FrozenParams {
  const fold = createFold()
  for (const entry of entries) if (entry.seq <= seq) fold.add(entry)
  return fold.state.frozen
}

function endsOtherwise({ seq, status: was }: Entry & TurnEntry, status: TurnStatus | undefined): ReplayError {
  return new ReplayError(`The turn that ended as ${was} with entry ${seq} of the record ends as ${status}.`, {})
}

function waitsForEver(next: Entry | undefined): ReplayError {
  const place = next ? `entry ${next.seq}, a ${next.type}` : 'its end'
  return new ReplayError(`The record cannot be had again beyond ${place}: what waits there waits for ever.`, {})
}

function notAgain({ seq, type }: Entry, cause?: unknown): ReplayError {
  return new ReplayError(`Entry ${seq} of the record, a ${type}, does not come again.`, { cause })
}
