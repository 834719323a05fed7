#!/usr/bin/env node
// Stands for the Claude Code program: replays recorded lines, keeps a transcript as that does, and misbehaves where a plan says so.
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// By a name that the backend hands on, where a program sets no `env` of its own.
const folder = process.env.STAND_IN ?? process.env.CLAUDE_STAND_IN
const args = process.argv.slice(2)
const argument = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
const calls = join(folder, 'calls.jsonl')
// One that was ended before it had said all is made again.
const done = join(folder, 'done')
const index = existsSync(done) ? readFileSync(done, 'utf8').length : 0
const steps = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'))
const step = steps[Math.min(index, steps.length - 1)]

const input = readFileSync(0, 'utf8')
const mcp = argument('--mcp-config')
const seen = mcp && { path: mcp, mode: (statSync(mcp).mode & 0o777).toString(8), text: readFileSync(mcp, 'utf8') }
const session = argument('--resume') ?? argument('--session-id')
const slug = process.cwd().replace(/[^a-zA-Z0-9]/g, '-')
const file = join(process.env.CLAUDE_CONFIG_DIR, 'projects', slug, `${session}.jsonl`)
const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined
appendFileSync(
  calls,
  `${JSON.stringify({ args, input, cwd: process.cwd(), env: process.env, mcp: seen, before, pid: process.pid })}\n`,
)

function refuse(text) {
  appendFileSync(done, '.')
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
if (argument('--resume') && before === undefined) refuse(`No conversation found with session ID: ${session}`)
if (argument('--session-id') && before !== undefined) refuse(`Error: Session ID ${session} is already in use.`)
if (!input.trim())
  refuse('Error: Input must be provided either through stdin or as a prompt argument when using --print')
if (!step.forgets) {
  mkdirSync(dirname(file), { recursive: true })
  appendFileSync(file, `${JSON.stringify({ type: 'user', sessionId: session, input })}\n`)
}

if (step.deaf) process.on('SIGTERM', () => {})
if (step.child) {
  // One that leaves the group, and ignores what it is asked.
  const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e9)"
  const child = spawn(process.execPath, ['-e', deaf], {
    detached: true,
    stdio: step.child === 'pipes' ? 'inherit' : 'ignore',
  })
  writeFileSync(join(folder, 'child.pid'), `${child.pid}\n`)
  child.unref()
}

const write = (stream, text) => new Promise((resolve) => stream.write(text, resolve))
const pieces = []
if (step.lines) {
  const lines = readFileSync(new URL(`../fixtures/claude/${step.lines}.jsonl`, import.meta.url), 'utf8')
  pieces.push(
    lines
      .split('\n')
      .slice(0, step.upTo ?? Infinity)
      .join('\n') + (step.upTo ? '\n' : ''),
  )
}
if (step.write) pieces.push(step.write)
if (step.huge) pieces.push(`${JSON.stringify({ type: 'system', subtype: 'huge', text: 'x'.repeat(step.huge) })}\n`)
const bytes = Buffer.from(pieces.join(''))
const size = step.chunkBytes ?? bytes.length
for (let at = 0; at < bytes.length; at += size) {
  await write(process.stdout, bytes.subarray(at, at + size))
  if (step.mixed) await write(process.stderr, `warning ${at}, in `)
  if (step.mixed) await write(process.stderr, 'two pieces\n')
}
if (step.stderr) await write(process.stderr, step.stderr)
appendFileSync(done, '.')
if (step.hangs) setInterval(() => {}, 1e9)
else process.exit(step.exit ?? 0)
