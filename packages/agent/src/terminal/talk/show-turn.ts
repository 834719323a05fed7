import { visibleText } from '../../record/text/visible-text.ts'
import type { Turn } from '../../turn/turn.ts'
import type { TurnResult } from '../../turn/turn-result.ts'
import { createMarkdownStream } from '../markdown/markdown-stream.ts'
import type { Paint } from '../screen/paint.ts'
import type { Screen } from '../screen/screen.ts'
import { describeCall } from './describe-call.ts'

export interface ShowOptions {
  screen: Screen
  paint: Paint
  cwd: string
}

/** Often enough to look alive, seldom enough for a slow terminal. */
const repaintMs = 50

/** Shows a turn as it goes on, and gives its result. Whatever the turn throws, what had been shown stays. */
export async function showTurn(turn: Turn, { screen, paint, cwd }: ShowOptions): Promise<TurnResult> {
  const markdown = createMarkdownStream(() => ({ width: screen.width, paint }))
  let timer: ReturnType<typeof setTimeout> | undefined
  const repaint = () => {
    timer = undefined
    const { lines, unfinished } = markdown.take()
    screen.show(lines, unfinished)
  }
  /** Ends the block that was being written, before something else stands below it. */
  const say = (lines: readonly string[] = []) => {
    clearTimeout(timer)
    timer = undefined
    screen.show([...markdown.end(), ...lines])
  }
  screen.show([''], [paint('quiet', 'Thinking …')])
  let hasText = false
  try {
    for await (const event of turn) {
      switch (event.type) {
        case 'text':
          if (!hasText) screen.show([''])
          hasText = true
          markdown.push(event.text)
          timer ??= setTimeout(repaint, repaintMs)
          break
        case 'reply':
          hasText = false
          say()
          break
        case 'tool_start':
          say(['', paint('good', `→ ${describeCall(event.name, event.input, cwd)}`)])
          screen.show([], [paint('quiet', '  …')])
          break
        case 'tool_result':
          say(event.isError ? firstLines(event.result).map((line) => paint('bad', `  ${line}`)) : [])
          break
        case 'compaction':
          say([paint('quiet', 'The history was long: it goes on from a summary.')])
          break
        case 'mend':
          say([paint('quiet', 'The API refused a part of the history, which a note stands for now.')])
          break
      }
    }
  } finally {
    say()
  }
  return turn.final()
}

/** Of a tool's result: enough to see what failed. */
function firstLines(result: unknown): string[] {
  const blocks = Array.isArray(result) ? (result as { text?: string }[]) : [{ text: String(result) }]
  const lines = visibleText(blocks.map(({ text = '' }) => text).join('\n'))
    .trim()
    .split('\n')
  return lines.length > 3 ? [...lines.slice(0, 3), '…'] : lines
}

/** How a turn came out, for the line below it. */
export function turnSummary({ status, reason, cost, durationMs, requests }: TurnResult, sessionUsd?: number): string {
  const parts = [
    ...(status === 'completed' || status === 'waiting'
      ? []
      : [[status.replace('_', ' '), reason].filter(Boolean).join(': ')]),
    ...(cost ? [`$${cost.usd.toFixed(4)}`] : []),
    `${(durationMs / 1000).toFixed(1)} s`,
    ...(requests > 1 ? [`${requests} requests`] : []),
    ...(sessionUsd === undefined ? [] : [`$${sessionUsd.toFixed(4)} in all`]),
  ]
  return visibleText(parts.join(' · '))
}
