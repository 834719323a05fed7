import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { packageFolders } from './pack-packages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const maxSources = 12

/** The sources of a package, from the root on: neither tests nor what shows or generates others. */
function sourcesOf(folder: string): string[] {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', `packages/${folder}/src`], { cwd: root })
  return list
    .toString()
    .split('\n')
    .filter((file) => file.endsWith('.ts') && !/\.(test|test-d|bench)\.ts$/.test(file))
}

/** What each source imports of its own package, types too. */
function importsOf(file: string): string[] {
  const code = readFileSync(join(root, file), 'utf8')
  return [...code.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path]) => join(dirname(file), path!))
}

/** Files that import one another in a circle, as one such circle. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  const path: string[] = []
  function visit(file: string): string[] | undefined {
    const at = path.indexOf(file)
    if (at >= 0) return [...path.slice(at), file]
    if (done.has(file)) return undefined
    path.push(file)
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next)
      if (circle) return circle
    }
    path.pop()
    done.add(file)
    return undefined
  }
  for (const file of graph.keys()) {
    const circle = visit(file)
    if (circle) return circle
  }
  return undefined
}

const graphOf = (folder: string) => new Map(sourcesOf(folder).map((file) => [file, importsOf(file)]))

it('a circle is found wherever it stands, and none where there is none', () => {
  expect(findCircle(new Map([['a', ['b', 'c']], ['b', ['c']], ['c', []]]))).toBeUndefined() // biome-ignore format: a picture
  expect(findCircle(new Map([['a', ['b']], ['b', ['c']], ['c', ['b']]]))).toEqual(['b', 'c', 'b']) // biome-ignore format: a picture
})

describe.each(packageFolders)('the rooms of %s', (folder) => {
  it(`hold at most ${maxSources} sources each, beside their index`, () => {
    const rooms = new Map<string, number>()
    for (const file of sourcesOf(folder)) {
      if (!file.endsWith('/index.ts')) rooms.set(dirname(file), (rooms.get(dirname(file)) ?? 0) + 1)
    }
    expect([...rooms].filter(([, sources]) => sources > maxSources)).toEqual([])
  })

  it('have no circle of imports, types included', () => {
    expect(findCircle(graphOf(folder))).toBeUndefined()
  })

  it('have files that are named in kebab-case', () => {
    expect(sourcesOf(folder).filter((file) => !/\/[a-z0-9-]+(\.generated)?\.ts$/.test(file))).toEqual([])
  })
})
