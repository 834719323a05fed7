import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, runCommand } from './run-command.mjs'

/**
 * Installs a package for one suite alone, of an exact version and without its scripts, below node_modules. Gives the folder that
 * it is in, or why it is not there.
 */
export async function installProgram(spec) {
  const name = spec.slice(0, spec.lastIndexOf('@'))
  const folder = join(root, 'node_modules', '.cache', 'programs', spec.replace(/[^\w.-]+/g, '-'))
  if (!existsSync(join(folder, 'node_modules', name, 'package.json'))) {
    const options = '--ignore-scripts --no-audit --no-fund --no-save --no-package-lock'
    const { ok, output } = await runCommand(`npm install ${options} --prefix "${folder}" ${spec}`)
    if (!ok) return { missing: `npm install ${spec} failed: ${output.slice(-500)}` }
  }
  return { folder: join(folder, 'node_modules') }
}

/** What runs a command where there is no network but this machine's own, if that can be had. */
export async function withoutNetwork(command) {
  const alone = (inner) => `unshare --user --map-root-user --net sh -c 'ip link set lo up && exec "$@"' sh ${inner}`
  const { ok } = await runCommand(alone('true'))
  return ok ? alone(command) : command
}
