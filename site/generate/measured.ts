import { toAnchor } from './find-mention.ts'
import { findRow, sectionOf } from './read-table.ts'
import { read } from './repository.ts'

/** Rows of a table that are compared, each by what it is called here and how it begins there: ours first. */
interface Comparison {
  title: string
  /** The file with the table, and the section of it. */
  file: string
  section: string
  rows: [name: string, beginning: string][]
}

interface Bar {
  name: string
  text: string
  amount: number
}

const official = '@anthropic-ai/sdk'

const comparisons: Comparison[] = [
  {
    title: 'In a browser’s bundle, gzipped: one streamed answer',
    file: 'README.md',
    section: 'Sizes',
    rows: [
      ['enjamb', '`stream`: `streamMessage` with core'],
      [official, '`@anthropic-ai/sdk`, as its guide shows it'],
      ['ai', '`ai` 7 with'],
    ],
  },
  {
    title: 'Time for a text of 20,000 deltas',
    file: 'docs/benchmarks.md',
    section: 'A text of 20,000 deltas',
    rows: [
      ['enjamb', '`streamMessage(…).final()`'],
      [official, '`@anthropic-ai/sdk` `messages.stream(…).finalMessage()`'],
      ['ai', '`ai` `streamText(…).text`'],
    ],
  },
  {
    title: 'Time for 512 kB of a tool’s input, read live',
    file: 'docs/benchmarks.md',
    section: 'Tool input, read live',
    rows: [
      ['enjamb', '`createPartialJSON`, 512 kB, one long string'],
      [official, '`@anthropic-ai/sdk` with an `inputJson` listener, 512 kB'],
    ],
  },
]

/** What the README and `docs/benchmarks.md` say of us and of others, as bars. */
export function measured(): string {
  return `<div class="measured">\n${comparisons.map(toHTML).join('\n')}\n</div>`
}

function toBar(name: string, value: string): Bar {
  return { name, text: value, amount: Number.parseFloat(value.replaceAll(',', '')) }
}

function toHTML({ title, file, section, rows }: Comparison): string {
  const table = sectionOf(read(file), section)
  const bars = rows.map(([name, beginning]) => toBar(name, findRow(table, beginning)[1]!))
  const most = Math.max(...bars.map(({ amount }) => amount))
  const lines = bars.map(({ name, text, amount }) => {
    const width = `${((100 * amount) / most).toFixed(1)}%`
    return `<tr><th scope="row">${name}</th><td class="bar"><span style="width: ${width}"></span></td><td>${text}</td></tr>`
  })
  return `\n<table>\n<caption>\n\n[${title}](/${file}#${toAnchor(section)})\n\n</caption>\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table>\n`
}
