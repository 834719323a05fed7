import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { homePage } from './home-page.ts'
import { listPages } from './list-pages.ts'
import type { Page } from './page.ts'
import { exists, filesOf, pagesFolder, read, root } from './repository.ts'
import { createPageFinder, linkedFiles, toSiteLinks } from './to-site-links.ts'

/** Writes every page but the reference, and the pictures they show. */
export async function writePages() {
  const home = await homePage()
  const { docs, recipes } = listPages()
  const listed = [home, ...[...docs, ...recipes].flatMap((section) => section.pages)]
  const pages = [...listed, ...sourcePages(listed)]
  const pageOf = createPageFinder(pages)
  clear()
  for (const page of pages) write(page.path, toSiteLinks(page, pageOf))
  // The first page in the form in which one reads it as text.
  write('readme.txt', toSiteLinks({ ...home, markdown: read('README.md') }, pageOf))
  for (const file of filesOf('docs').filter((path) => /\.(svg|png)$/.test(path)))
    copyFileSync(root + file, join(pagesFolder, basename(file)))
}

/** The sources that pages link to, tests above all, so that they can be read here. */
function sourcePages(pages: Page[]): Page[] {
  const pageOf = createPageFinder(pages)
  const files = new Set(
    pages.flatMap(linkedFiles).filter((file) => extname(file) === '.ts' && exists(file) && !pageOf(file)),
  )
  return [...files].map((file) => ({
    path: `sources/${file.replace(/\.ts$/, '')}.md`,
    sources: [file],
    title: basename(file),
    markdown: `---\nsearch: false\noutline: false\n---\n\n# ${basename(file)}\n\n\`${file}\`\n\n\`\`\`ts\n${read(file)}\`\`\`\n`,
  }))
}

function write(path: string, text: string) {
  const file = join(pagesFolder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Takes away what was written before, so that no page stays of which the source is gone; the reference is written apart. */
function clear() {
  mkdirSync(pagesFolder, { recursive: true })
  for (const name of readdirSync(pagesFolder))
    if (name !== 'reference') rmSync(join(pagesFolder, name), { recursive: true })
}
