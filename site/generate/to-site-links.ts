import { dirname, extname, join, normalize } from 'node:path/posix'
import type { Page } from './page.ts'

/** The links of a page's Markdown, which lead to files, as links to the pages that are made of these. */
export function toSiteLinks(page: Page, pageOf: (file: string) => Page | undefined): string {
  return replaceLinks(page, (_, text, file, anchor) => {
    const section = anchor && pageOf(`${file}${anchor}`)
    if (section) return `[${text}](/${section.path})`
    const target = pageOf(file)
    // A file that is no page has no address here.
    return target ? `[${text}](/${target.path}${anchor})` : text
  })
}

/** The files that a page's Markdown links to. */
export function linkedFiles(page: Page): string[] {
  const files: string[] = []
  replaceLinks(page, (whole, _, file) => {
    files.push(file)
    return whole
  })
  return files
}

function replaceLinks(
  { markdown, sources }: Page,
  replace: (whole: string, text: string, file: string, anchor: string) => string,
): string {
  return markdown.replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, image: string, text: string, href: string) => {
    if (image || href.startsWith('#') || /^[a-z]+:/.test(href)) return whole
    const [path = '', anchor] = href.split('#')
    const file = path.startsWith('/') ? path.slice(1) : normalize(join(dirname(sources[0]!), path))
    return replace(whole, text, file.replace(/\/$/, ''), anchor ? `#${anchor}` : '')
  })
}

/** Finds the page of a file; that of a folder without one is the page of the folder around it. */
export function createPageFinder(pages: Page[]): (file: string) => Page | undefined {
  const bySource = new Map(pages.flatMap((page) => page.sources.map((source) => [source, page])))
  return function pageOf(file): Page | undefined {
    const found = bySource.get(file)
    return found || extname(file) || file === '.' ? found : pageOf(dirname(file))
  }
}
