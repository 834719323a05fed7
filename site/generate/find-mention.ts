import type { Page } from './page.ts'

/** Where the Markdown shows an example. */
export interface Mention {
  /** The title of the section there. */
  title: string
  /** To it, from the root of the repository on. */
  link: string
  /** The paragraph that leads to the example. */
  lead?: string
}

/** The first place that shows a file of `examples`: below a comment that names it. */
export function findMention(file: string, pages: Page[]): Mention | undefined {
  for (const page of pages) {
    const names = [`<!-- ${file} -->`, `<!-- ${file.replace('examples/testing/', '')} -->`]
    const at = names.map((name) => page.markdown.indexOf(name)).find((index) => index >= 0)
    if (at === undefined) continue
    const before = page.markdown.slice(0, at).trimEnd()
    const heading = [...before.matchAll(/^#{2,} (.+)$/gm)].at(-1)?.[1]
    const lead = before.slice(before.lastIndexOf('\n\n') + 2)
    const anchor = heading ? `#${toAnchor(heading)}` : ''
    return {
      title: heading ? `${page.title}: ${heading}` : page.title,
      link: `/${page.sources[0]}${anchor}`,
      ...(/^[\w`*[]/.test(lead) && { lead: lead.replace(/\]\(([^)]*)\)/g, `](/${page.sources[0]}|$1)`) }),
    }
  }
  return undefined
}

/** The name that a heading gets as the target of links, as code hosts make it. */
export function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}
