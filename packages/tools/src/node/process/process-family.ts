import { existsSync, readdirSync, readFileSync } from 'node:fs'

interface Entry {
  parent: number
  group: number
  /** When it started, in ticks since the machine did: tells it from a later process of the same id. */
  start: string
}

/** Ids of processes, with their start times. */
export type Processes = Map<number, string>

/** Does the system tell who descends from whom? Linux does. */
export const canSeeProcesses = existsSync('/proc/self/stat')

/**
 * The processes of the group `root`, and those that have left it and still descend from its leader. One whose parent
 * has ended is found only by a mark in the environment that it began with, `NAME=value`, and a value that nobody else
 * has. The dead whom nobody has collected yet are not among them. Where this cannot be seen, there are none.
 */
export function findFamily(root: number, mark?: string): { group: Processes; strays: Processes } {
  const all = readdirIfThere('/proc').flatMap((name) => {
    const entry = /^\d+$/.test(name) && readEntry(name)
    return entry ? [[Number(name), entry] as const] : []
  })
  const group: Processes = new Map()
  const strays: Processes = new Map()
  const marked = new Set(mark ? all.map(([id]) => id).filter((id) => hasMark(id, mark)) : [])
  const family = new Set([root, ...marked])
  // Ids are not in the order of birth once they have wrapped round, hence the repetition.
  for (let before = 0; before < family.size; ) {
    before = family.size
    for (const [id, entry] of all) {
      if (entry.group !== root && !family.has(entry.parent) && !marked.has(id)) continue
      family.add(id)
      const place = entry.group === root ? group : strays
      place.set(id, entry.start)
    }
  }
  return { group, strays }
}

/** Is it there, and still that process? */
export function isAlive(id: number, start: string): boolean {
  return readEntry(String(id))?.start === start
}

function readEntry(id: string): Entry | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1')
    // The name stands in parentheses and may hold any character.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return
    return { parent: Number(fields[1]), group: Number(fields[2]), start: fields[19] ?? '' }
  } catch {
    return
  }
}

/** No, if it is somebody else's. */
function hasMark(id: number, mark: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${id}/environ`, 'latin1')}`.includes(`\0${mark}\0`)
  } catch {
    return false
  }
}

function readdirIfThere(folder: string): string[] {
  return canSeeProcesses ? readdirSync(folder) : []
}
