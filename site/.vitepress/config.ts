import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { toAnchor } from '../generate/find-mention.ts'
import { listPages } from '../generate/list-pages.ts'
import type { Section } from '../generate/page.ts'
import { entryPoints, layers } from '../generate/repository.ts'

const folder = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const { docs, recipes } = listPages()
const link = (path: string) => `/${path.replace(/\.md$/, '').replace(/index$/, '')}`
const items = (section: Section) => section.pages.map(({ title, path }) => ({ text: title, link: link(path) }))

export default defineConfig({
  title: 'enjamb',
  description: "Small TypeScript packages for Claude's Messages API",
  lang: 'en',
  srcDir: folder('pages'),
  outDir: folder('dist'),
  cacheDir: folder('node_modules/.cache/vitepress'),
  metaChunk: true,
  markdown: { anchor: { slugify: toAnchor } },
  themeConfig: {
    search: { provider: 'local' },
    outline: 'deep',
    nav: [
      { text: 'Guides', link: '/guides/chat' },
      { text: 'Recipes', link: '/recipes/' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Benchmarks', link: '/benchmarks' },
    ],
    sidebar: {
      '/': docs.map((section) => ({ text: section.title, items: items(section) })),
      '/recipes/': recipes.map((section) => ({ text: section.title, items: items(section) })),
      '/reference/': layers.map((layer) => ({
        text: `@enjamb/${layer}`,
        items: entryPoints(layer).map(({ name }) => ({ text: `@enjamb/${name}`, link: `/reference/${name}/` })),
      })),
    },
  },
})
