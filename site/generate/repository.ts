import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The root of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** The folder that VitePress reads: everything in it is generated. */
export const pagesFolder = fileURLToPath(new URL('../pages/', import.meta.url))

export const exists = (file: string) => existsSync(root + file)
export const read = (file: string) => readFileSync(root + file, 'utf8')

/** The files of a folder that are, or would be, committed. */
export function filesOf(folder: string): string[] {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', folder], { cwd: root, encoding: 'utf8' })
  return list.split('\n').filter((file) => file !== '' && exists(file))
}

/** The packages, from the lowest layer up. */
export const layers = ['core', 'stream', 'tools', 'chat', 'agent', 'testing'] as const

/** What a package lets one import: its name there, and the source behind it. */
export function entryPoints(layer: string): { name: string; source: string }[] {
  const { exports } = JSON.parse(read(`packages/${layer}/package.json`)) as {
    exports: Record<string, string | { '@enjamb/source'?: string }>
  }
  return Object.entries(exports).flatMap(([path, target]) => {
    const source = typeof target === 'object' && target['@enjamb/source']
    return source ? [{ name: `${layer}${path.slice(1)}`, source: `packages/${layer}/${source.slice(2)}` }] : []
  })
}
