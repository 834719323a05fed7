export type {
  McpEndpoint,
  McpOptions,
  McpProcess,
  McpServer,
  McpServerStatus,
  McpToolLeftOut,
  McpTools,
} from './mcp-options.ts'
export { mcpTools } from './mcp-tools.ts'
export { parseMcpConfig } from './parse-mcp-config.ts'
