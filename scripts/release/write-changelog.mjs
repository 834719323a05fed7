import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run-command.mjs'

// From the lowest layer up.
const layers = ['core', 'stream', 'tools', 'chat', 'agent', 'testing']

/** The changesets that wait: the packages that each names, in its order, and its sentence. */
export function readChangesets() {
  const folder = join(root, '.changeset')
  const files = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md')
  return files.sort().map((file) => {
    const [, head, text] = /^---\n([\s\S]*?)---\n([\s\S]*)$/.exec(readFileSync(join(folder, file), 'utf8'))
    const packages = [...head.matchAll(/@enjamb\/(\w+)['"]: *(\w+)/g)].map(([, name, bump]) => ({ name, bump }))
    return { packages, text: text.trim().replace(/\s*\n\s*/g, ' ') }
  })
}

/**
 * A version's part of CHANGELOG.md: each change once, below the first package that it names, what is new before what was mended.
 * What concerns all packages comes first.
 */
export function changelogSection(version, changesets) {
  const headingOf = ({ packages }) => (packages.length === layers.length ? 'all packages' : packages[0].name)
  const isNew = ({ packages }) => packages.some(({ bump }) => bump !== 'patch')
  const groups = ['all packages', ...layers].map((heading) => {
    const own = changesets.filter((change) => headingOf(change) === heading)
    const lines = [...own.filter(isNew), ...own.filter((change) => !isNew(change))].map(({ text }) => `- ${text}`)
    return lines.length > 0 ? `### ${heading}\n\n${lines.join('\n')}\n` : ''
  })
  return `## ${version}\n\n${groups.filter((group) => group !== '').join('\n')}`
}

/**
 * Puts that part above those of earlier versions. One that is there already was written by hand, and stays as it is.
 *
 * @returns whether it was put there
 */
export function writeChangelog(version, changesets) {
  const file = join(root, 'CHANGELOG.md')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '# Changes\n'
  if (new RegExp(`^## ${version.replaceAll('.', '\\.')}$`, 'm').test(text)) return false
  const [title, ...rest] = text.split(/^(?=## )/m)
  writeFileSync(file, [title.trimEnd(), '', changelogSection(version, changesets), ...rest].join('\n'))
  return true
}
