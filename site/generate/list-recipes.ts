import { dirname, join } from 'node:path/posix'
import { listSnippets } from '../playground/build/list-snippets.ts'
import { findMention, type Mention } from './find-mention.ts'
import { type Page, type Section, toPage } from './page.ts'
import { exists, filesOf, layers, read } from './repository.ts'

const playable = new Set(listSnippets().map(({ name }) => name))
const groups = [...layers, 'clouds', 'fleet', 'fleet-recipes', 'quickstart']

/** The examples, a page each, by their folders. `pages` are those that may show them. */
export function listRecipes(pages: Page[]): Section[] {
  const files = filesOf('examples').filter((file) => /\.(ts|mjs)$/.test(file))
  const imported = new Set(files.flatMap(importsOf))
  const recipes = groups.map((title) => ({
    title,
    pages: files
      .filter((file) => file.startsWith(`examples/${title}/`) && isRecipe(file) && !imported.has(file))
      .map((file) => recipePage(file, findMention(file, pages))),
  }))
  const programs = filesOf('examples')
    .filter((file) => /^examples\/[^/]+\/README\.md$/.test(file))
    .map((file) => toPage(file, `recipes/${dirname(file).slice('examples/'.length)}.md`, dirname(file)))
  const sections = [...recipes, { title: 'pages', pages: programs }]
  return [{ title: 'Recipes', pages: [overview(sections)] }, ...sections]
}

/** What is a test is one of ours, but where tests are what is shown. */
function isRecipe(file: string): boolean {
  if (file.startsWith('examples/testing/'))
    return /^examples\/testing\/[^/]+\/[^/]+\.(test\.ts|e2e\.ts|test\.mjs)$/.test(file)
  return !/\.test\.\w+$/.test(file)
}

/** The files of the same example that a file imports. */
function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)]
    .map(([, path]) => join(dirname(file), path!))
    .filter((path) => path.startsWith('examples/') && exists(path))
}

/** A file with what it needs of its folder. */
function withImports(file: string, seen: string[] = []): string[] {
  if (seen.includes(file)) return seen
  return importsOf(file).reduce((files, next) => withImports(next, files), [...seen, file])
}

function recipePage(file: string, mention: Mention | undefined): Page {
  const name = file.slice('examples/'.length).replace(/(\.(test|e2e))?\.\w+$/, '')
  const words = name.slice(name.indexOf('/') + 1).replaceAll('-', ' ')
  const title = toTitle(words)
  const files = withImports(file)
  const code = files.map((path) => `\`${path}\`\n\n\`\`\`${path.endsWith('.mjs') ? 'js' : 'ts'}\n${read(path)}\`\`\``)
  const said = firstComment(read(file)) ?? mention?.lead
  const runs = playable.has(name) && `[Run it in the playground](/docs/playground.md#${name}).`
  const parts = [`# ${title}`, said, ...code, runs, mention && `Explained in [${mention.title}](${mention.link}).`]
  const markdown = `${parts.filter(Boolean).join('\n\n')}\n`
  return { path: `recipes/${name}.md`, sources: [file], title, markdown }
}

/** Names that are written in a way of their own. */
const names = ['AI', 'API', 'BullMQ', 'DBOS', 'Foundry', 'MCP', 'MSW', 'OpenAI', 'Temporal', 'UI']

function toTitle(words: string): string {
  const spelled = words
    .split(/([ /])/)
    .map((word) => names.find((name) => name.toLowerCase() === word) ?? word)
    .join('')
  return (spelled.charAt(0).toUpperCase() + spelled.slice(1)).replace('/', ': ')
}

/** What the file says of itself: its first comment at the margin. */
function firstComment(code: string): string | undefined {
  const [comment] = /^(?:\/\/ .*\n)+|^\/\*\*[\s\S]*?\*\//m.exec(code) ?? []
  return comment
    ?.replace(/^ *(?:\/\/|\/\*\*|\*\/|\*) ?|\*\/$/gm, '')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .trim()
}

function overview(sections: Section[]): Page {
  const lists = sections.map(({ title, pages }) => {
    const rows = pages.map((page) => `- [${page.title}](${page.sources[0]!.slice('examples/'.length)})`)
    return `## ${title}\n\n${rows.join('\n')}`
  })
  const intro = 'The examples of the repository, one idea a file. The tests run each of them against the mock API.'
  const markdown = `# Recipes\n\n${intro}\n\n${lists.join('\n\n')}\n`
  return { path: 'recipes/index.md', sources: ['examples'], title: 'Recipes', markdown }
}
