/** The most that the platform's timers take: they count in 31 bits, and beyond them fire at once. */
const longest = 2 ** 31 - 1

/**
 * Calls back once, in `ms` milliseconds, however many they are; never where they are infinitely many, or no number.
 *
 * @returns what stops it
 */
export function startTimer(ms: number, callback: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = (left: number) => {
    timer = setTimeout(() => (left > longest ? wait(left - longest) : callback()), Math.min(left, longest))
  }
  if (ms < Number.POSITIVE_INFINITY) wait(ms)
  return () => clearTimeout(timer)
}
