/** Where a terminal shows text: lines that stay, and below them some that are still to change. */
export interface Screen {
  /** Characters in a line. */
  readonly width: number
  /** Adds lines that stay, and replaces those below them. Of empty ones that follow each other, one stays. */
  show(lines: readonly string[], unfinished?: readonly string[]): void
}

export interface ScreenOutput {
  write(text: string): unknown
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

const widest = 100

/** @param live whether what was written can be taken back; else lines that may change are not shown */
export function createScreen(output: ScreenOutput, live: boolean): Screen {
  let above = 0
  let last: string | undefined
  const isNeeded = (line: string) => {
    const needed = line !== '' || last !== ''
    last = line
    return needed
  }
  return {
    get width() {
      return Math.max(20, Math.min(output.columns ?? 80, widest))
    },
    show(lines, unfinished = []) {
      // What has left the screen at its top cannot be taken back.
      const below = live ? unfinished.slice(-Math.max(1, (output.rows ?? 24) - 2)) : []
      const back = above > 0 ? `\x1b[${above}A\r\x1b[J` : ''
      const text = [...lines.filter(isNeeded), ...below].map((line) => `${line}\n`).join('')
      if (back || text) output.write(back + text)
      above = below.length
    },
  }
}
