import './check-node.mjs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setup } from './setup.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

if (await setup()) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'examples/quickstart/main.ts'], {
    cwd: root,
    stdio: 'inherit',
  })
  // Ctrl-C goes to the whole group: the example ends by itself, and says how.
  process.on('SIGINT', () => {})
  const [code] = await once(child, 'close')
  process.exitCode = code ?? 1
} else {
  process.exitCode = 1
}
