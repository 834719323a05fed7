import { measured } from './measured.ts'
import type { Page } from './page.ts'
import { findRow, sectionOf } from './read-table.ts'
import { exists, read } from './repository.ts'
import { runExample } from './run-example.ts'

const answer = 'A sentence that runs on across the end of a line,\nwithout a pause: what this project is named after.'

/** The first page: `home.md` with what its comments ask for. */
export async function homePage(): Promise<Page> {
  const readme = read('README.md')
  const file = 'examples/chat/stream-and-cost.ts'
  const output = await runExample(file, [answer])
  const markdown = read('site/home.md')
    .replace('<!-- measured -->', measured())
    .replace('<!-- example -->', `\`\`\`ts\n${read(file)}\`\`\`\n\n\`\`\`text\n${output}\`\`\``)
    .replace('<!-- next -->', nextPages())
    .replace(/<!-- size: (.+?) -->/g, (_, name: string) => findRow(readme, name)[1]!)
    .replace(/<!-- README: (.+?) -->/g, (_, heading: string) => sectionOf(readme, heading))
  return { path: 'index.md', sources: ['README.md', '.'], title: 'enjamb', markdown }
}

function nextPages(): string {
  const pages = [
    ['Start in a minute', 'docs/start.md'],
    ['Why', 'docs/why.md'],
    ['Playground', 'docs/playground.md'],
    ['Guides', 'packages/chat/README.md'],
  ] as const
  const links = pages.filter(([, file]) => exists(file)).map(([title, file]) => `[${title}](/${file})`)
  return `<div class="next">\n\n${links.join('\n')}\n\n</div>`
}
