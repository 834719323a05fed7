import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { homePage } from './home-page.ts'
import { listPages } from './list-pages.ts'
import type { Page } from './page.ts'
import { exists, filesOf, pagesFolder, read, root } from './repository.ts'
import { createPageFinder, linkedFiles, toSiteLinks } from './to-site-links.ts'

/** Writes every page but the reference, and the pictures they show. What has not changed is left alone. */
export async function writePages() {
  const home = await homePage()
  const { docs, recipes } = listPages()
  const listed = [home, ...[...docs, ...recipes].flatMap((section) => section.pages)]
  const pages = [...listed, ...sourcePages(listed)]
  const pageOf = createPageFinder(pages)
  for (const page of pages) write(page.path, toSiteLinks(page, pageOf))
  removeOthers(new Set(pages.map(({ path }) => path)))
  // The first page in the form in which one reads it as text.
  write('readme.txt', toSiteLinks({ ...home, markdown: read('README.md') }, pageOf))
  for (const file of filesOf('docs').filter((path) => /\.(svg|png)$/.test(path)))
    copyFileSync(root + file, join(pagesFolder, basename(file)))
}

/** The sources that pages link to, tests above all, so that they can be read here. */
function sourcePages(pages: Page[]): Page[] {
  const pageOf = createPageFinder(pages)
  const files = new Set(pages.flatMap(linkedFiles).filter((file) => extname(file) === '.ts' && exists(file)))
  return [...files]
    .filter((file) => !pageOf(file))
    .map((file) => ({
      path: `sources/${file.replace(/\.ts$/, '')}.md`,
      sources: [file],
      title: basename(file),
      markdown: `---\nsearch: false\noutline: false\n---\n\n# ${basename(file)}\n\n\`${file}\`\n\n\`\`\`ts\n${read(file)}\`\`\`\n`,
    }))
}

function write(path: string, text: string) {
  const file = join(pagesFolder, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Takes away the pages of which the source is gone; those of the reference are written apart. */
function removeOthers(paths: Set<string>) {
  for (const path of readdirSync(pagesFolder, { recursive: true, encoding: 'utf8' }))
    if (path.endsWith('.md') && !path.startsWith('reference/') && !paths.has(path)) rmSync(join(pagesFolder, path))
}
