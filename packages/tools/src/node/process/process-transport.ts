import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { McpProcess } from '../../mcp/mcp-options.ts'
import { createOutputTail } from './output-tail.ts'
import { findFamily, isAlive, type Processes } from './process-family.ts'

const graceMs = 250
const lookMs = 100

/** A process, ended with all that it has started, which a server behind `npx` or a shell would otherwise outlive. */
export class ProcessTransport extends StdioClientTransport {
  readonly #tail = createOutputTail(2_000)
  #child: ChildProcess | undefined
  #closed: Promise<void> | undefined

  constructor({ command, args = [], env = {}, cwd }: McpProcess) {
    super({ command, args: [...args], env: { ...env }, stderr: 'pipe', ...(cwd !== undefined && { cwd }) })
    this.stderr?.on('data', (chunk: Uint8Array) => this.#tail.push(chunk))
  }

  get lastWords(): string {
    return this.#tail.read().text.trim()
  }

  override async start(): Promise<void> {
    await super.start()
    // There is no other way to it.
    this.#child = Reflect.get(this, '_process')
    if (this.#child) this.#watch(this.#child)
  }

  /**
   * The official client waits for the end of both the process and its output, and would wait for ever where it only closes
   * its output, or leaves it to a process that it has started.
   */
  #watch(child: ChildProcess): void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const expectEnd = () => {
      timer ??= setTimeout(() => {
        if (child.exitCode === null && !child.signalCode) this.onerror?.(new Error('It closed its output.'))
        for (const pipe of child.stdio) pipe?.destroy()
        void this.close()
      }, graceMs)
    }
    child.stdout?.once('end', expectEnd)
    child.once('exit', (code, signal) => {
      this.onerror?.(new Error(code === null ? `It was ended by ${signal}.` : `It ended with exit code ${code}.`))
      expectEnd()
    })
    child.once('close', () => clearTimeout(timer))
  }

  override close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = this.#end()
      // Calls need not wait until it has ended.
      this.onclose?.()
    }
    return this.#closed
  }

  async #end(): Promise<void> {
    const { pid } = this
    const family: Processes = new Map()
    const look = () => {
      for (const [id, start] of pid ? findFamily(pid).strays : []) family.set(id, start)
    }
    // It may go on starting others until it has ended, and then they cannot be found.
    const looking = setInterval(look, lookMs)
    const endFamily = () => {
      clearInterval(looking)
      for (const [id, start] of family) if (isAlive(id, start)) kill(id, 'SIGKILL')
    }
    look()
    this.#child?.once('exit', endFamily)
    // It closes the input, and kills a process that has not ended some seconds later.
    await super.close()
    endFamily()
    const isThere = () => (pid && kill(pid, 0)) || [...family].some(([id, start]) => isAlive(id, start))
    for (let tries = 0; isThere() && tries < 100; tries++) await sleep(10)
  }
}

/** Was there such a process? */
function kill(id: number, signal: 'SIGKILL' | 0): boolean {
  try {
    return process.kill(id, signal)
  } catch {
    return false
  }
}
