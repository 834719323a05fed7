import { findRow, sectionOf } from './read-table.ts'
import { read } from './repository.ts'

/** Bars that are compared: ours first. */
interface Comparison {
  title: string
  /** Where the numbers come from. */
  link: string
  bars: { name: string; text: string; amount: number }[]
}

/** What the README and `docs/benchmarks.md` say of us and of others, as bars. */
export function measured(): string {
  return `<div class="measured">\n${[sizes(), text(), toolInput()].map(toHTML).join('\n')}\n</div>`
}

const official = '@anthropic-ai/sdk'

function sizes(): Comparison {
  const readme = read('README.md')
  const bar = (name: string, beginning: string) => toBar(name, findRow(readme, beginning)[1]!)
  return {
    title: 'In a browser’s bundle, gzipped: one streamed answer',
    link: '/README.md#sizes',
    bars: [
      bar('enjamb', '`stream`: `streamMessage` with core'),
      bar(official, '`@anthropic-ai/sdk`, as its guide shows it'),
      bar('ai', '`ai` 7 with'),
    ],
  }
}

function text(): Comparison {
  const heading = 'A text of 20,000 deltas'
  const section = sectionOf(read('docs/benchmarks.md'), heading)
  const bar = (name: string, beginning: string) => toBar(name, findRow(section, beginning)[1]!)
  return {
    title: 'Time for a text of 20,000 deltas',
    link: '/docs/benchmarks.md#a-text-of-20000-deltas',
    bars: [
      bar('enjamb', '`streamMessage(…).final()`'),
      bar(official, '`@anthropic-ai/sdk` `messages.stream(…).finalMessage()`'),
      bar('ai', '`ai` `streamText(…).text`'),
    ],
  }
}

function toolInput(): Comparison {
  const section = sectionOf(read('docs/benchmarks.md'), 'Tool input, read live')
  const bar = (name: string, beginning: string) => toBar(name, findRow(section, beginning)[1]!)
  return {
    title: 'Time for 512 kB of a tool’s input, read live',
    link: '/docs/benchmarks.md#tool-input-read-live',
    bars: [
      bar('enjamb', '`createPartialJSON`, 512 kB, one long string'),
      bar(official, '`@anthropic-ai/sdk` with an `inputJson` listener, 512 kB'),
    ],
  }
}

function toBar(name: string, value: string) {
  return { name, text: value, amount: Number.parseFloat(value.replaceAll(',', '')) }
}

function toHTML({ title, link, bars }: Comparison): string {
  const most = Math.max(...bars.map(({ amount }) => amount))
  const rows = bars.map(({ name, text, amount }) => {
    const width = `${((100 * amount) / most).toFixed(1)}%`
    return `<tr><th scope="row">${name}</th><td class="bar"><span style="width: ${width}"></span></td><td>${text}</td></tr>`
  })
  return `\n<table>\n<caption>\n\n[${title}](${link})\n\n</caption>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>\n`
}
