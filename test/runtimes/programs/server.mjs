// In Node, Bun and Deno: `server.mjs <url> <folder> <mcp server>` prints what came of it as JSON.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileStore } from '@enjamb/agent/node'
import { toolset } from '@enjamb/tools'
import { mcpTools } from '@enjamb/tools/mcp'
import { smoke } from './smoke.mjs'

const [url, folder, server, ...packages] = process.argv.slice(2)
const require = createRequire(import.meta.url)

const more = {
  /** A server that is a process. */
  async MCP() {
    const tools = await mcpTools({ s: { command: 'node', args: [server] } })
    const { content } = await toolset(tools).call({ type: 'tool_use', id: 'toolu_1', name: 'mcp__s__go', input: {} })
    await tools.close()
    if (content[0]?.text !== 'done') throw new Error(JSON.stringify(content))
    if (tools.servers[0].state !== 'closed') throw new Error(tools.servers[0].state)
  },

  /** Each entry of each package, by CommonJS, is the module that `import` gives. */
  async 'require()'() {
    for (const name of packages) {
      const { exports } = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'))
      for (const entry of Object.keys(exports)) {
        if (entry.endsWith('.json')) continue
        const path = `${name}${entry.slice(1)}`
        const [required, imported] = [require(path), await import(path)]
        for (const key of Object.keys(imported)) {
          if (required[key] !== imported[key]) throw new Error(`${key} of ${path} is not the same`)
        }
      }
    }
  },
}

const results = await smoke({ url, openStore: () => fileStore(folder), more })
console.log(JSON.stringify(results))
