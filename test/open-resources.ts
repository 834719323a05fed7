// Taken here, before a test file can put a fake clock in its place.
const { setTimeout } = globalThis

/** How long each kind of resource may take to go once the tests are over. What keeps no process alive is not counted. */
const patienceMs: Readonly<Record<string, number>> = {
  // Long enough for the test runner's own, too short for a timeout or a retry of ours to run out unnoticed.
  Timeout: 200,
  // A socket closes when the other side has said goodbye too.
  TCPSocketWrap: 3000,
  TCPServerWrap: 3000,
  PipeServerWrap: 3000,
  ProcessWrap: 3000,
  FSEventWrap: 1000,
  StatWatcher: 1000,
  UDPWrap: 1000,
  Worker: 1000,
}

// Each of them a turn of the event loop: on a machine that is busy, time alone says little.
const minLooks = 10

/**
 * How many resources of each kind keep this process alive now, to compare with later. Timers are left out: the test
 * runner's one comes and goes ten times a second, so that none at all is what to compare with.
 */
export function resourcesBefore(): Map<string, number> {
  const counts = openResources()
  counts.delete('Timeout')
  return counts
}

function openResources(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}

/**
 * The resources that are open beyond those of `before` when their time to go has run out, as `2 × Timeout`.
 * Returns at once when nothing is left.
 */
export async function leftResources(before: ReadonlyMap<string, number>): Promise<string[]> {
  const started = performance.now()
  const left: string[] = []
  let kinds = Object.keys(patienceMs)
  for (let looks = 1; ; looks++) {
    const now = openResources()
    const waitedMs = performance.now() - started
    kinds = kinds.filter((kind) => {
      const extra = (now.get(kind) ?? 0) - (before.get(kind) ?? 0)
      if (extra <= 0) return false
      if (looks < minLooks || waitedMs < (patienceMs[kind] ?? 0)) return true
      left.push(`${extra} × ${kind}`)
      return false
    })
    if (kinds.length === 0) return left
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
