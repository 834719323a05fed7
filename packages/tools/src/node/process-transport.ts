import { setTimeout as sleep } from 'node:timers/promises'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { McpProcess } from '../mcp/mcp-options.ts'
import { createOutputTail } from './output-tail.ts'
import { findFamily, isAlive } from './process-family.ts'

/** A process, ended with all that it has started, which a server behind `npx` or a shell would otherwise outlive. */
export class ProcessTransport extends StdioClientTransport {
  readonly #tail = createOutputTail(2_000)
  #closed: Promise<void> | undefined

  constructor({ command, args = [], env = {}, cwd }: McpProcess) {
    super({ command, args: [...args], env: { ...env }, stderr: 'pipe', ...(cwd !== undefined && { cwd }) })
    this.stderr?.on('data', (chunk: Uint8Array) => this.#tail.push(chunk))
  }

  get lastWords(): string {
    return this.#tail.read().text.trim()
  }

  override close(): Promise<void> {
    this.#closed ??= this.#end()
    return this.#closed
  }

  async #end(): Promise<void> {
    const { pid } = this
    const family = pid ? [...findFamily(pid).strays] : []
    // It closes the input, and kills a process that has not ended some seconds later.
    await super.close()
    for (const [id, start] of family) if (isAlive(id, start)) kill(id, 'SIGKILL')
    for (let tries = 0; pid && kill(pid, 0) && tries < 100; tries++) await sleep(10)
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
