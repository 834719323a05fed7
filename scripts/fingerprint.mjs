import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './run-command.mjs'

// Below node_modules, so that deleting node_modules forgets what was installed and built.
const stampDirectory = join(root, 'node_modules', '.cache', 'enjamb')

/** The files below a folder that pass `keep`, relative to the root and in a stable order. */
export function filesBelow(folder, keep) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(path, keep)
    return keep(path) ? [path] : []
  })
}

/** One hash over names and contents of files, over the platform that native packages are installed for, and over `more`. */
export function fingerprint(files, more = '') {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\0${more}`)
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

export function isStamped(name, value) {
  const file = join(stampDirectory, name)
  return existsSync(file) && readFileSync(file, 'utf8') === value
}

export function stamp(name, value) {
  const file = join(stampDirectory, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, value)
}
