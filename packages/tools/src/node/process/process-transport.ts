import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  deserializeMessage,
  type JSONRPCMessage,
  SdkError,
  SdkErrorCode,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/client'
import { createRawResults } from '../../mcp/link/raw-results.ts'
import type { McpProcess } from '../../mcp/mcp-options.ts'
import { createOutputTail } from './output-tail.ts'
import { findFamily, isAlive, type Processes } from './process-family.ts'
import { type LineReader, readLines } from './read-lines.ts'

const maxMessageBytes = 10 * 2 ** 20
const inherited = ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER']
const graceMs = 250
const lookMs = 100
/** How long a process may take to end when its input has, and when it was asked to. */
const endMs = 2_000

/** A process, ended with all that it has started, which a server behind `npx` or a shell would otherwise outlive. */
export class ProcessTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #server: McpProcess
  readonly #results = createRawResults()
  readonly #tail = createOutputTail(2_000)
  #child: ChildProcessWithoutNullStreams | undefined
  #reader: LineReader | undefined
  #isOver = false
  #closed: Promise<void> | undefined

  constructor(server: McpProcess) {
    this.#server = server
  }

  get lastWords(): string {
    return this.#tail.read().text.trim()
  }

  /** By this and `stderr` the official client knows that it talks to a process. */
  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  get stderr() {
    return this.#child?.stderr ?? null
  }

  async start(): Promise<void> {
    const { command, args = [], env = {}, cwd } = this.#server
    const given = inherited.flatMap((name) => {
      const value = process.env[name]
      // A function of the shell.
      return value === undefined || value.startsWith('()') ? [] : [[name, value]]
    })
    const child = spawn(command, args, { env: { ...Object.fromEntries(given), ...env }, cwd })
    this.#child = child
    child.stderr.on('data', (chunk: Uint8Array) => this.#tail.push(chunk))
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.on('error', (error) => this.onerror?.(error))
    this.#reader = readLines(child.stdout, {
      maxBytes: maxMessageBytes,
      onLine: (line) => this.#take(line),
      onTooLong: () => this.#fail(`Its message has more than ${maxMessageBytes} bytes.`),
    })
    this.#watch(child, this.#reader)
    await once(child, 'spawn')
    child.on('error', (error) => this.onerror?.(error))
  }

  /** Programs print other things, too. */
  #take(line: string): void {
    if (!/^\s*\{/.test(line)) return
    try {
      this.onmessage?.(this.#results.arrived(deserializeMessage(line)))
    } catch (error) {
      if (!(error instanceof SyntaxError)) this.onerror?.(error as Error)
    }
  }

  #fail(words: string): void {
    this.onerror?.(new Error(words))
    void this.close()
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const input = this.#child?.stdin
    if (!input || this.#isOver) throw new SdkError(SdkErrorCode.NotConnected, 'Not connected')
    // It may ask for answers without end, and read none.
    if (input.writableLength > maxMessageBytes) return this.#fail('It does not read what it is sent.')
    this.#results.sent(message)
    input.write(serializeMessage(message))
  }

  /**
   * A process may close its output alone, or leave it to another that it has started: neither is waited for. What it wrote
   * before its end is read first.
   */
  #watch(child: ChildProcessWithoutNullStreams, reader: LineReader): void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const expectEnd = () => {
      timer ??= setTimeout(() => {
        if (child.exitCode === null && !child.signalCode) this.onerror?.(new Error('It closed its output.'))
        for (const pipe of child.stdio) pipe?.destroy()
        void reader.finished.then(() => this.close())
      }, graceMs)
    }
    child.stdout.once('end', expectEnd)
    child.once('exit', (code, signal) => {
      this.onerror?.(new Error(code === null ? `It was ended by ${signal}.` : `It ended with exit code ${code}.`))
      expectEnd()
    })
    child.once('close', () => {
      clearTimeout(timer)
      void reader.finished.then(() => this.#leave())
    })
  }

  /** Nothing comes any more. */
  #leave(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#reader?.stop()
    this.onclose?.()
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = this.#end()
      // Calls need not wait until it has ended.
      this.#leave()
    }
    return this.#closed
  }

  async #end(): Promise<void> {
    const child = this.#child
    const pid = child?.pid
    if (!child || !pid) return
    const family: Processes = new Map()
    const look = () => {
      for (const [id, start] of findFamily(pid).strays) family.set(id, start)
    }
    // It may go on starting others until it has ended, and then they cannot be found.
    const looking = setInterval(look, lookMs)
    const endFamily = () => {
      clearInterval(looking)
      for (const [id, start] of family) if (isAlive(id, start)) kill(id, 'SIGKILL')
    }
    look()
    child.once('exit', endFamily)
    child.stdin.end()
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) if (!(await hasEnded(child))) child.kill(signal)
    endFamily()
    const isThere = () => kill(pid, 0) || [...family].some(([id, start]) => isAlive(id, start))
    for (let tries = 0; isThere() && tries < 100; tries++) await sleep(10)
  }
}

/** Waits for its end, but not for long. */
async function hasEnded(child: ChildProcessWithoutNullStreams): Promise<boolean> {
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  if (isOver()) return true
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), endMs)
  await once(child, 'exit', { signal: late.signal }).catch(() => {})
  clearTimeout(timer)
  return isOver()
}

/** Was there such a process? */
function kill(id: number, signal: 'SIGKILL' | 0): boolean {
  try {
    return process.kill(id, signal)
  } catch {
    return false
  }
}
