import type { Buffer } from 'node:buffer'
import type { ResultPage } from '../result-page.ts'
import type { PieceReader } from '../ripgrep.ts'
import type { GrepMode } from './grep-args.ts'
import { parseMessage } from './grep-lines.ts'

/** Where the results of a search go. */
export interface GrepResults {
  page: ResultPage
  /** Whether lines get numbers. */
  numbered: boolean
  /** Whether there are lines around the matches, so that gaps between them are marked. */
  marksGaps: boolean
  /** Whether nothing of a line is shown but what matches. */
  onlyMatches: boolean
  /** How a file is to be called; `undefined` if it is not to be seen. */
  toShownPath(path: string): Promise<string | undefined>
}

/** Reads what ripgrep puts out in a mode. */
export function readResults(mode: GrepMode, results: GrepResults): PieceReader {
  if (mode === 'content') return { delimiter: '\n', take: takeLines(results) }
  return { delimiter: '\0', take: mode === 'count' ? takeCounts(results) : takeFiles(results) }
}

type Take = (piece: Buffer | undefined) => Promise<boolean>

function takeFiles({ page, toShownPath }: GrepResults): Take {
  return async (piece) => {
    const path = await toShownPath(String(piece))
    return !path || page.add(path)
  }
}

/** After each path there is a NUL, after each count a line break. */
function takeCounts({ page, toShownPath }: GrepResults): Take {
  let path: string | undefined
  return async (piece) => {
    const text = String(piece)
    const end = path === undefined ? -1 : text.indexOf('\n')
    const shown = path === undefined ? undefined : await toShownPath(path)
    path = text.slice(end + 1)
    return !shown || page.add(`${shown}:${text.slice(0, end).trim()}`)
  }
}

function takeLines({ page, numbered, marksGaps, onlyMatches, toShownPath }: GrepResults): Take {
  let path: string | undefined
  let next = 0
  return async (piece) => {
    if (!piece) return !path || page.add('[A line of more than 4 MiB is left out.]', path)
    const message = parseMessage(piece, onlyMatches)
    if (message?.type === 'begin') {
      path = await toShownPath(message.path)
      next = 0
    }
    if (message?.type !== 'lines' || !path) return true
    const { lines, isMatch } = message
    return lines.every(({ number, text }) => {
      const gap = marksGaps && next && number > next ? '--\n' : ''
      next = number + 1
      return page.add(`${gap}${numbered ? `${number}${isMatch ? ':' : '-'}` : ''}${text}`, path)
    })
  }
}
