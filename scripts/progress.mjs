const clearLine = '\r\x1b[2K'

/** `0.4 s`, `12 s`, `2 min 5 s`. */
export function formatDuration(ms) {
  if (ms < 950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

const signOfLifeMs = 30_000

/**
 * A line that counts the seconds in a terminal. Elsewhere, where what is printed cannot be taken back, a line now and then,
 * so that whoever waits sees that it goes on.
 */
export function liveLine(text, out = process.stdout) {
  const started = performance.now()
  if (!out.isTTY) {
    const sign = () => out.write(`        ${text()} … ${formatDuration(performance.now() - started)}\n`)
    const timer = setInterval(sign, signOfLifeMs)
    return { redraw() {}, clear() {}, stop: () => clearInterval(timer) }
  }
  const clear = () => out.write(clearLine)
  const redraw = () => out.write(`${clearLine}${text()} … ${formatDuration(performance.now() - started)}`)
  const timer = setInterval(redraw, 1000)
  redraw()
  return {
    redraw,
    clear,
    stop() {
      clearInterval(timer)
      clear()
    },
  }
}

/**
 * Runs one step of the set-up under one line, `Installing packages … 12 s`.
 * When it fails, all that it printed is shown, then `advice`: what to do now.
 */
export async function step(title, run, advice, out = process.stdout) {
  const line = liveLine(() => title, out)
  const { ok, output, ms } = await run()
  line.stop()
  out.write(`${title} … `)
  out.write(`${ok ? '' : 'failed after '}${formatDuration(ms)}\n`)
  if (!ok) out.write(`\n${output}\n\n${advice}\n`)
  return ok
}
