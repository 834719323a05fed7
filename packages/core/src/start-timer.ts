import { startTimer as start } from '#platform'

/**
 * Calls back once, in `ms` milliseconds, however many they are; never where they are infinitely many, or no number.
 *
 * @returns what stops it
 */
export const startTimer: (ms: number, callback: () => void) => () => void = start
