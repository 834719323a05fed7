import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { toAnchor } from '../generate/find-mention.ts'
import { listPages } from '../generate/list-pages.ts'
import type { Section } from '../generate/page.ts'
import { entryPoints, layers } from '../generate/repository.ts'
import { base, siteURL } from '../generate/site-url.ts'
import { writeForMachines } from '../generate/write-for-machines.ts'
import { codeTheme } from './code-theme.ts'
import { nameHeaders } from './name-headers.ts'
import { writeAgain } from './write-again.ts'

const folder = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const { docs, recipes } = listPages()
const link = (path: string) => `/${path.replace(/\.md$/, '').replace(/index$/, '')}`
const items = (section: Section) => section.pages.map(({ title, path }) => ({ text: title, link: link(path) }))

export default defineConfig({
  title: 'enjamb',
  description: "Small TypeScript packages for Claude's Messages API",
  lang: 'en',
  base,
  ...(siteURL && { sitemap: { hostname: siteURL } }),
  srcDir: folder('pages'),
  outDir: folder('dist'),
  cacheDir: folder('node_modules/.cache/vitepress'),
  metaChunk: true,
  transformHead: ({ page }) => [
    ['link', { rel: 'alternate', type: 'text/markdown', href: base + page, title: 'This page as Markdown' }],
  ],
  buildEnd: ({ outDir, pages }) =>
    writeForMachines({ folder: outDir, base: siteURL ?? base, sections: [...docs, ...recipes], paths: pages }),
  markdown: { anchor: { slugify: toAnchor }, theme: codeTheme, config: nameHeaders },
  vite: { plugins: [writeAgain] },
  themeConfig: {
    search: { provider: 'local' },
    outline: 'deep',
    nav: [
      { text: 'Guides', link: '/guides/chat' },
      { text: 'Recipes', link: '/recipes/' },
      { text: 'Playground', link: '/playground' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Benchmarks', link: '/benchmarks' },
    ],
    sidebar: {
      '/': docs.map((section) => ({ text: section.title, items: items(section) })),
      '/recipes/': recipes.map((section) => ({ text: section.title, items: items(section) })),
      '/reference/': layers.map((layer) => ({
        text: layer,
        items: entryPoints(layer).map(({ name }) => ({ text: `@enjamb/${name}`, link: `/reference/${name}/` })),
      })),
    },
  },
})
