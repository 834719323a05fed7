import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { homePage } from './home-page.ts'
import { listPages } from './list-pages.ts'
import { filesOf, pagesFolder, root } from './repository.ts'
import { createPageFinder, toSiteLinks } from './to-site-links.ts'

/** Writes every page but the reference, and the pictures they show. */
export async function writePages() {
  const { docs, recipes } = listPages()
  const pages = [await homePage(), ...[...docs, ...recipes].flatMap((section) => section.pages)]
  const pageOf = createPageFinder(pages)
  for (const page of pages) {
    const file = join(pagesFolder, page.path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, toSiteLinks(page, pageOf))
  }
  for (const file of filesOf('docs').filter((path) => /\.(svg|png)$/.test(path)))
    copyFileSync(root + file, join(pagesFolder, basename(file)))
}
