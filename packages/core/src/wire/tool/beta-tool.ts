import type { Cacheable, CacheControl } from '../cache-control.ts'
import type { ModelId } from '../model-id.ts'
import type { ToolOptions } from './tool-options.ts'

interface MCPToolConfig {
  defer_loading?: boolean
  enabled?: boolean
}

/** β: the tools of one of a request's `mcp_servers`. */
export interface MCPToolset extends Cacheable {
  type: 'mcp_toolset'
  mcp_server_name: string
  configs?: { [tool: string]: MCPToolConfig } | null
  default_config?: MCPToolConfig
}

/** β: another model that this one may ask for advice. */
export interface AdvisorTool extends ToolOptions {
  type: 'advisor_20260301'
  name: 'advisor'
  model: ModelId
  caching?: CacheControl | null
  max_tokens?: number | null
  max_uses?: number | null
}
