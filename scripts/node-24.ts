import { spawn } from 'node:child_process'
import { installRuntime, node24 } from './runtimes.ts'

// `node-24.ts <script> <arguments>`: what `node` would do with them, on the Node 24 of the registry. What is drawn at
// random was drawn often enough in the unit tests, so that here it may be less.
const env = { ENJAMB_FUZZ_STREAMS: '10000', ...process.env }
const child = spawn(installRuntime(node24), process.argv.slice(2), { stdio: 'inherit', env }).on('close', (code) => {
  process.exitCode = code ?? 1
})
// It ends what it has started, and this process after it. Ctrl-C has reached it already, as it reaches all of a terminal.
process.on('SIGINT', () => {}).on('SIGTERM', () => child.kill())
