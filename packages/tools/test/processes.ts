import { existsSync, readFileSync } from 'node:fs'

/** Whoever is dead and has not been collected by its parent is not running. */
export const isRunning = (id: number) => {
  try {
    process.kill(id, 0)
    return !/\) Z/.test(existsSync('/proc/self/stat') ? readFileSync(`/proc/${id}/stat`, 'utf8') : '')
  } catch {
    return false
  }
}

/** The ids that processes have written into files, once all of them have. */
export async function idsIn(...files: string[]): Promise<number[]> {
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  await until(() => files.every((file) => read(file).endsWith('\n')))
  return files.map((file) => Number(read(file)))
}

/** What Node takes to run a program, a module that may import our sources. */
export function programArgs(program: string): string[] {
  const tsx = import.meta.resolve('tsx')
  return ['--conditions=@enjamb/source', '--import', tsx, '--input-type=module', '-e', program]
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
