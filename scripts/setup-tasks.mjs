import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, fingerprint, isStamped, stamp } from './fingerprint.mjs'
import { pnpm, runPnpm } from './pnpm.mjs'
import { root } from './run-command.mjs'
import { publishedPackages, readManifest, workspaces } from './workspaces.mjs'

/** Installs exactly what the lock file names. */
export const install = {
  name: 'install',
  title: 'Installing packages',
  run: () => runPnpm('install --frozen-lockfile --reporter=append-only'),
  inputs() {
    const manifests = workspaces().map((folder) => `${folder}/package.json`)
    return ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]
  },
  outputs() {
    const withDependencies = workspaces().filter((folder) => {
      const { dependencies, devDependencies } = readManifest(folder)
      return dependencies ?? devDependencies
    })
    return withDependencies.map((folder) => `${folder}/node_modules`)
  },
  advice: [
    'The packages could not be installed. Check that this machine reaches its npm registry (`npm ping`), then run the',
    `same command again. If you changed a dependency, run \`${pnpm} install\` first: it updates the lock file.`,
  ].join('\n'),
}

/** Builds every package into its `dist`. */
export const build = {
  name: 'build',
  title: 'Building',
  run: () => runPnpm('run build --output-logs=errors-only'),
  // What turbo.json gives to its `build` task: tests and benchmarks do not reach what is published.
  inputs() {
    const isPublished = (path) => !/\.(test|test-d|bench)\.ts$/.test(path)
    const own = publishedPackages().flatMap((folder) => [
      `${folder}/package.json`,
      `${folder}/tsup.config.ts`,
      ...filesBelow(`${folder}/src`, isPublished),
    ])
    return ['tsconfig.json', 'tsup.shared.ts', 'scripts/write-types.mjs', 'pnpm-lock.yaml', ...own]
  },
  /** Every file that the packages' `exports` promise. */
  outputs() {
    return publishedPackages().flatMap((folder) => {
      const targets = Object.values(readManifest(folder).exports)
      const files = targets.flatMap((target) => (typeof target === 'string' ? target : Object.values(target)))
      return files.map((file) => join(folder, file))
    })
  },
  advice: 'The build failed; the first error above names the file. Once that is right, run the same command again.',
}

/** Whether a task's last run was on the inputs as they are now, and what it made is still there. */
export function isCurrent(task) {
  return (
    task.outputs().every((file) => existsSync(join(root, file))) && isStamped(task.name, fingerprint(task.inputs()))
  )
}

/** Runs a task, and remembers its inputs when it succeeds. They are read first: a change during the run counts as new. */
export async function perform(task) {
  const inputs = fingerprint(task.inputs())
  const result = await task.run()
  if (result.ok) stamp(task.name, inputs)
  return result
}
