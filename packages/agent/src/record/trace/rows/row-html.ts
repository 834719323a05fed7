import { durationText, timeText } from '../../text/format-numbers.ts'
import { lineHTML } from '../escape-html.ts'
import { type Axis, barHTML } from './bar-html.ts'

/** A line of the waterfall, and what is in it. Names end in `HTML` where they are escaped already. */
export interface Row {
  classes: readonly (string | false | undefined)[]
  nameHTML: string
  textHTML: string
  tags: readonly (string | false | undefined)[]
  span: Axis
  /** What took so long; without it the row shows no duration. */
  ms: number | undefined
  tokens?: string | undefined
  bodyHTML: string
  isOpen: boolean
}

export function rowHTML(row: Row, axis: Axis): string {
  const { nameHTML, textHTML, span, ms, tokens = '', bodyHTML, isOpen } = row
  const tags = row.tags.map((tag) => (tag ? `<span class="tag">${lineHTML(tag, 60)}</span>` : '')).join('')
  const time = `${timeText(span.startedAt).slice(11)} – ${timeText(span.endedAt).slice(11)} UTC`
  return (
    `<details class="row ${row.classes.filter(Boolean).join(' ')}"${isOpen ? ' open' : ''}>` +
    `<summary title="${time}"><span class="label"><b>${nameHTML}</b>${tags}<span class="text">${textHTML}</span></span>` +
    `${barHTML(span, axis)}<span class="num">${ms === undefined ? '' : durationText(ms)}</span>` +
    `<span class="num tok">${tokens}</span></summary><div class="body">${bodyHTML}</div></details>\n`
  )
}
