import { runCommand } from './run-command.mjs'
import { readManifest } from './workspaces.mjs'

const { packageManager } = readManifest('.')

/** The pinned pnpm, as `npx` starts it on a machine that has none: `npx -y pnpm@12.3.4`. */
export const pnpm = `npx -y ${packageManager.split('+')[0]}`

// `npx` pinned the version already, so pnpm need not look after it; `CI` keeps it from asking what nobody would see.
const environment = { CI: 'true', pnpm_config_pm_on_fail: 'ignore' }

export function runPnpm(args) {
  return runCommand(`${pnpm} ${args}`, environment)
}
