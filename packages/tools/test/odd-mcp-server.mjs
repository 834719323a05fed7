// An MCP server over standard input and output that does what its argument, JSON, tells it to.
import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const {
  /** What `tools/list` answers, page after page; the last one again and again if `endless`. */
  pages = [[{ name: 'go', inputSchema: { type: 'object' } }]],
  endless = false,
  /** What `tools/call` does with each of its calls in turn, the last for the rest: an answer, or one of the words below. */
  calls = [{ content: [{ type: 'text', text: 'done' }] }],
  /** Where to write a line for each call that came. */
  log = '',
  /** Instead of the handshake: 'exit', 'hang', 'garbage', 'flood', 'refuse'. */
  start = '',
  /** Goes on when its input ends, and when it is asked to end. */
  stubborn = false,
  /** Starts a process of its own, and writes its id there. */
  child = '',
  /** The same, for a process that it starts when its input has ended. */
  heir = '',
  /** The same, for the process that a call of 'orphan' starts, which inherits all that this one has. */
  orphan = '',
  /** Answers only when there are as many files in a folder as it and its like are. */
  meet = undefined,
  instructions = undefined,
} = JSON.parse(process.argv[2] ?? '{}')

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
let called = 0
if (stubborn) {
  process.on('SIGTERM', () => {})
  setInterval(() => {}, 1_000)
}
const startChild = (file, stdio) => {
  const started = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio })
  writeFileSync(file, `${started.pid}\n`)
  started.unref()
}
if (child) startChild(child, 'ignore')
if (heir) {
  process.stdin.on('end', async () => {
    await sleep(200)
    startChild(heir, 'ignore')
    await sleep(500)
    process.exit()
  })
}
if (start === 'exit') {
  process.stderr.write(`It cannot work without a licence; the key given is ${process.env.LICENCE_KEY}.\n`)
  process.exit(3)
}
if (start === 'garbage') process.stdout.write('Starting up!\n{"half": \n[1,2]\n{"jsonrpc":"1.0"}\n')
if (start === 'flood') {
  const line = Buffer.alloc(1 << 20, 'x')
  const flood = () => process.stdout.write(line, flood)
  flood()
}

if (meet) {
  writeFileSync(join(meet.folder, String(process.pid)), '')
  while (readdirSync(meet.folder).length < meet.count) await sleep(10)
}

const handlers = {
  initialize: () => ({
    protocolVersion: '2025-06-18',
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'odd', version: '1' },
    ...(instructions && { instructions }),
  }),
  'tools/list'({ cursor = '0' } = {}) {
    if (log) appendFileSync(log, `${JSON.stringify({ listed: true })}\n`)
    const page = Math.min(Number(cursor), pages.length - 1)
    const more = endless || page < pages.length - 1
    return { tools: pages[page], ...(more && { nextCursor: String(Number(cursor) + 1) }) }
  },
  'tools/call'({ name, arguments: input, _meta }, id) {
    if (log) appendFileSync(log, `${JSON.stringify({ name, input })}\n`)
    const what = calls[Math.min(called++, calls.length - 1)]
    if (what === 'exit') {
      if (process.env.LICENCE_KEY) process.stderr.write(`The key was ${process.env.LICENCE_KEY}.\n`)
      process.exit(1)
    }
    if (what === 'hang') return undefined
    if (what === 'kill') process.kill(process.pid, 'SIGKILL')
    if (what === 'deaf') {
      process.stdin.destroy()
      closeSync(0)
      setInterval(() => {}, 1_000)
      return undefined
    }
    if (what === 'mute') {
      closeSync(1)
      setInterval(() => {}, 1_000)
      return undefined
    }
    if (what === 'orphan') {
      startChild(orphan, 'inherit')
      process.exit(7)
    }
    if (what === 'huge') return { content: [{ type: 'text', text: 'x'.repeat(11 << 20) }] }
    if (what === 'twice') {
      send({ id, result: { content: [{ type: 'text', text: 'first' }] } })
      return { content: [{ type: 'text', text: 'second' }] }
    }
    if (what === 'progress') {
      for (const progress of [1, 2]) {
        const params = { progressToken: _meta.progressToken, progress, total: 2 }
        send({ method: 'notifications/progress', params })
      }
      return { content: [] }
    }
    if (what === 'spoil') {
      pages[0] = null
      send({ method: 'notifications/tools/list_changed' })
      return { content: [] }
    }
    if (what === 'change') {
      pages[0] = [{ name: 'other', inputSchema: { type: 'object' } }]
      for (let times = 0; times < 100; times++) send({ method: 'notifications/tools/list_changed' })
      return { content: [] }
    }
    return what
  },
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (log && method === 'notifications/cancelled') appendFileSync(log, `${JSON.stringify({ cancelled: true })}\n`)
  if (id === undefined || start === 'hang') return
  if (start === 'refuse') return send({ id, error: { code: -32_603, message: 'I am not in the mood.' } })
  const result = handlers[method]?.(params, id)
  if (result !== undefined) send({ id, result })
  else if (!handlers[method]) send({ id, error: { code: -32_601, message: 'Method not found' } })
})
