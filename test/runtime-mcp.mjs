// Prints, as JSON, what the tools of an MCP server that is a process come to: `runtime-mcp.mjs <node> <server>`.
import { toolset } from '../packages/tools/dist/index.js'
import { mcpTools } from '../packages/tools/dist/mcp/index.js'

const [command, server] = process.argv.slice(2)
const tools = await mcpTools({ s: { command, args: [server] } })
const { content } = await toolset(tools).call({ type: 'tool_use', id: 'toolu_1', name: 'mcp__s__go', input: {} })
await tools.close()
console.log(JSON.stringify({ content, state: tools.servers[0].state }))
