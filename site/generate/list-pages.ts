import { listRecipes } from './list-recipes.ts'
import { type Page, type Section, toPage } from './page.ts'
import { sectionOf } from './read-table.ts'
import { exists, filesOf, layers, read } from './repository.ts'

/** The pages of `docs` in their order; one that stands nowhere comes behind the guides, one that is missing is left out. */
const start = ['start', 'why', 'coming-from']
const guides = ['sessions', 'claude-program', 'fleet', 'openai', 'clouds', 'testing', 'runtimes', 'commonjs-and-jest']
const more = ['errors', 'benchmarks', 'playground', 'compatibility', 'architecture']

/** Every page but the first and the reference, in the order of the navigation. */
export function listPages(): { docs: Section[]; recipes: Section[] } {
  const known = [...start, ...guides, ...more]
  const others = filesOf('docs')
    .flatMap((file) => /^docs\/([^/]+)\.md$/.exec(file)?.[1] ?? [])
    .filter((name) => !known.includes(name))
  const docs = [
    { title: 'Start', pages: docsPages(start) },
    { title: 'A guide a layer', pages: layers.map(layerPage) },
    { title: 'Guides', pages: docsPages([...guides, ...others]) },
    {
      title: 'Look up',
      pages: [...docsPages(more), sizes(), ...changelog(), toPage('CONTRIBUTING.md', 'contributing.md')],
    },
  ]
  return { docs, recipes: listRecipes(docs.flatMap(({ pages }) => pages)) }
}

function docsPages(names: string[]): Page[] {
  return names
    .map((name) => `docs/${name}.md`)
    .filter(exists)
    .map((file) => toPage(file, file.slice('docs/'.length)))
}

function layerPage(layer: string): Page {
  return toPage(`packages/${layer}/README.md`, `guides/${layer}.md`, `packages/${layer}`)
}

function changelog(): Page[] {
  return exists('CHANGELOG.md') ? [toPage('CHANGELOG.md', 'changelog.md')] : []
}

function sizes(): Page {
  const markdown = `# Sizes\n\n${sectionOf(read('README.md'), 'Sizes')}\n`
  return { path: 'sizes.md', sources: ['README.md#sizes'], title: 'Sizes', markdown }
}
