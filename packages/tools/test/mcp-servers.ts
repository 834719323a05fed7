import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createTcpServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { toolset } from '../src/index.ts'
import { type McpOptions, type McpProcess, type McpServer, type McpTools, mcpTools } from '../src/mcp/index.ts'

const everythingProgram = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))
const filesystemProgram = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'))

/** The reference server that has something of everything, as a process. */
export const everything: McpProcess = { command: process.execPath, args: [everythingProgram, 'stdio'] }

/** The reference server for the files of a folder. */
export const filesystem = (folder: string): McpProcess => ({
  command: process.execPath,
  args: [filesystemProgram, folder],
})

/** A server of ours that does what it is told, wrong things too: `test/odd-mcp-server.mjs` says which. */
export const odd = (behaviour: object = {}): McpProcess => ({
  command: process.execPath,
  args: [fileURLToPath(new URL('odd-mcp-server.mjs', import.meta.url)), JSON.stringify(behaviour)],
})

/** `everything` over streamable HTTP, which can be ended and started again at the same port. */
export async function everythingOverHttp() {
  const port = await freePort()
  let running: ChildProcess | undefined
  const stop = async () => {
    const child = running
    running = undefined
    if (child?.kill('SIGKILL')) await once(child, 'close')
  }
  const start = async () => {
    running = spawn(process.execPath, [everythingProgram, 'streamableHttp'], {
      env: { PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    for await (const chunk of running.stderr!) {
      said += chunk
      if (said.includes('listening')) break
    }
    running.stderr?.resume()
  }
  onTestFinished(stop)
  await start()
  return { url: `http://127.0.0.1:${port}/mcp`, start, stop }
}

/** One where nobody listens. */
export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** The tools of servers, closed with the test, and what was warned of. */
export async function mcp(servers: { [name: string]: McpServer }, options: McpOptions = {}) {
  const warnings: string[] = []
  const tools = await mcpTools(servers, { logger: { warn: (message) => void warnings.push(message) }, ...options })
  onTestFinished(() => tools.close())
  return { tools, warnings, names: () => tools.map((tool) => tool.name) }
}

/** Calls a tool as the loop does. */
export async function call(
  tools: McpTools,
  name: string,
  input: object = {},
  options: { signal?: AbortSignal; onProgress?: (data: unknown) => void } = {},
) {
  const block = { type: 'tool_use' as const, id: 'toolu_1', name, input }
  const { content, is_error } = await toolset(tools).call(block, options)
  const blocks = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : (content ?? [])
  const text = blocks.map((one) => (one.type === 'text' ? one.text : `<${one.type}>`)).join('\n')
  return { isError: !!is_error, text, blocks }
}
