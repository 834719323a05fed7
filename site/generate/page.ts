import { read } from './repository.ts'

/** A page of the site. */
export interface Page {
  /** Where it stands in the site: `guides/chat.md`. */
  path: string
  /** What it is made of, from the root of the repository on; a link in our Markdown to any of these leads to the page. */
  sources: string[]
  title: string
  markdown: string
}

/** Pages that stand together in the navigation. */
export interface Section {
  title: string
  pages: Page[]
}

/** A Markdown file of the repository as a page: it begins with its title. */
export function toPage(file: string, path: string, ...moreSources: string[]): Page {
  const markdown = read(file)
  return { path, sources: [file, ...moreSources], title: titleOf(markdown, file), markdown }
}

function titleOf(markdown: string, file: string): string {
  const title = /^# (.+)$/m.exec(markdown)?.[1]
  if (!title) throw new Error(`${file} has no title: let it begin with "# Title".`)
  return title.replaceAll('`', '')
}
