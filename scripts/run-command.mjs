import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
const quiet = {
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
  npm_config_loglevel: 'error',
  npm_config_update_notifier: 'false',
}

// Said outright, because several tools colour whatever they print as soon as `CI` is set.
const hasColor = process.stdout.isTTY && !process.env.NO_COLOR
const color = hasColor ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: undefined }

/**
 * Runs a shell command from the root of the repository and keeps what it prints, both streams in their order.
 * A command that cannot start counts as failed, with the reason as its output.
 */
export function runCommand(command, env = {}) {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, {
      cwd: root,
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...quiet, ...color, PATH: path, ...env },
    })
    let output = ''
    const keep = (text) => {
      output += text
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    const finish = (ok) => resolve({ ok, output: output.trim(), ms: performance.now() - started })
    child.on('error', (error) => {
      keep(`${error.message}\n`)
      finish(false)
    })
    child.on('close', (code) => finish(code === 0))
  })
}
