import type { Cost } from '@enjamb/core'

/** `840 ms`, `4.2 s`, `3 m 05 s`, `2 h 10 m`. */
export function durationText(ms: number): string {
  if (!(ms >= 0)) return '–'
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${twoDigits(seconds % 60)} s`
  return `${Math.floor(seconds / 3_600)} h ${twoDigits(Math.floor((seconds % 3_600) / 60))} m`
}

/** `940`, `4.2k`, `1.3M`. */
export function countText(count: number): string {
  if (count < 1_000) return `${count}`
  if (count < 999_950) return `${(count / 1_000).toFixed(1)}k`
  return `${(count / 1_000_000).toFixed(1)}M`
}

/** In dollars, with as many places as tell something. */
export function costText(cost: Cost | undefined): string {
  if (!cost) return '–'
  return `$${cost.usd.toFixed(cost.usd >= 1 ? 2 : 4)}`
}

/** `2026-11-28 10:00:00`, in UTC. */
export function timeText(ms: number): string {
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

/** `1 call`, `2 calls`. */
export function timesText(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function twoDigits(count: number): string {
  return `${count}`.padStart(2, '0')
}
