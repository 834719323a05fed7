import type { Platform } from '../platform.ts'

/** The most that the platform's timers take: they count in 31 bits, and beyond them fire at once. */
const longest = 2 ** 31 - 1

export const startTimer: Platform['startTimer'] = (ms, callback) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = (left: number) => {
    timer = setTimeout(() => (left > longest ? wait(left - longest) : callback()), Math.min(left, longest))
  }
  if (ms < Number.POSITIVE_INFINITY) wait(ms)
  return () => clearTimeout(timer)
}
