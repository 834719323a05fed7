import './check-node.mjs'
import { pathToFileURL } from 'node:url'
import { step } from './progress.mjs'
import { build, install, isCurrent, perform } from './setup-tasks.mjs'

/**
 * Does all that the other commands need, on a machine with only Node and npm: installs the packages, builds them.
 * What is current already is passed over in silence, and no pnpm is started for it.
 * Resolves to false when a step failed; the reason and what to do are on the screen by then.
 */
export async function setup() {
  for (const task of [install, build]) {
    if (isCurrent(task)) continue
    if (!(await step(task.title, () => perform(task), task.advice))) return false
  }
  return true
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await setup()) ? 0 : 1
}
