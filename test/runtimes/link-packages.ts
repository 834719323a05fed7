import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Puts into a `node_modules` what is in another and not in it: a bundler that keeps to a project does not follow symbolic links out
 * of it, and copies would take as long as installing all of it anew.
 */
export function linkPackages(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name.startsWith('.')) continue
    if (name.startsWith('@')) linkPackages(join(from, name), join(to, name))
    else if (!existsSync(join(to, name))) linkFolder(join(from, name), join(to, name))
  }
}

function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [one, other] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) linkFolder(one, other)
    else linkFile(one, other)
  }
}

function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    // Of another file system.
    copyFileSync(from, to)
  }
}
