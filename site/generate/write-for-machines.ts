import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Section } from './page.ts'
import { pagesFolder } from './repository.ts'

/** What the texts for language models are made of. */
export interface ForMachines {
  /** Where the site was built. */
  folder: string
  /** What the paths of pages begin with: `/`, or an address. */
  base: string
  /** All pages but the first and the reference. */
  sections: Section[]
  /** The paths of all pages. */
  paths: string[]
}

/**
 * Writes each page as Markdown beside its HTML, a list of them as `llms.txt`, and the text of all as `llms-full.txt`; that of the
 * reference is left out there, since it is longer than everything else.
 */
export function writeForMachines({ folder, base, sections, paths }: ForMachines): void {
  const textOf = (path: string) => toText(readFileSync(join(pagesFolder, path), 'utf8'), base)
  for (const path of paths) writeFileSync(join(folder, path), textOf(path))
  // The first page is made of the README, whose form is for readers alone.
  cpSync(join(pagesFolder, 'readme.txt'), join(folder, 'index.md'))

  const line = (path: string) => {
    const text = textOf(path)
    const title = /^# (.+)$/m.exec(text)?.[1] ?? path
    const said = firstSentence(text)
    return `- [${title}](${base}${path})${said && `: ${said}`}`
  }
  const list = (title: string, some: string[]) => `## ${title}\n\n${some.map(line).join('\n')}`
  const reference = paths.filter((path) => path.startsWith('reference/')).sort()
  const isEntry = (path: string) => path.endsWith('/index.md')
  const lists = [
    ...sections.map(({ title, pages }) =>
      list(
        title,
        pages.map(({ path }) => path),
      ),
    ),
    list('Reference', reference.filter(isEntry)),
    list(
      'Optional',
      reference.filter((path) => !isEntry(path)),
    ),
  ]
  const about = `# enjamb\n\n> Small TypeScript packages for Claude's Messages API. The packages at a glance: ${base}index.md\n`
  writeFileSync(join(folder, 'llms.txt'), `${about}\n${lists.join('\n\n')}\n`)
  const pages = sections.flatMap((section) => section.pages.map(({ path }) => path))
  writeFileSync(
    join(folder, 'llms-full.txt'),
    ['index.md', ...pages].map((path) => readFileSync(join(folder, path), 'utf8')).join('\n\n'),
  )
}

/** What a page says first, below its title; of an export, what its doc comment says. */
function firstSentence(text: string): string {
  const paragraphs = text.replace(/^```[\s\S]*?^```$/gm, '').split(/\n{2,}/)
  const first = paragraphs.find((part) => /^[\p{L}`*[]/u.test(part) && !/^[\w ]+ of \[`@enjamb/.test(part)) ?? ''
  const plain = first.replaceAll('\n', ' ').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
  return /^.*?[.](?= |$)/.exec(plain)?.[0] ?? plain
}

/** Markdown without what is for VitePress or for our tests alone. */
function toText(markdown: string, base: string): string {
  return markdown
    .replace(/^---\n[\s\S]*?\n---\n+/, '')
    .replace(/^<!--.*-->\n/gm, '')
    .replace(/^<ClientOnly>\n[\s\S]*?^<\/ClientOnly>\n/gm, '')
    .replace(/\]\(\/(?!\/)/g, `](${base}`)
}
