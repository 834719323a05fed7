import { expectTypeOf, test } from 'vitest'
import type { Tool } from '../define/tool.ts'
import type { RunParams } from '../loop/run-options.ts'
import type { McpServer } from './mcp-options.ts'
import { mcpTools } from './mcp-tools.ts'

test('what is returned is a list of tools for a run', async () => {
  const tools = await mcpTools({
    files: { command: 'npx', args: ['-y', 'x'], env: { A: 'b' }, trustAnnotations: true },
  })
  expectTypeOf(tools[0]).toEqualTypeOf<Tool | undefined>()
  expectTypeOf(tools).toExtend<RunParams['tools']>()
  expectTypeOf(tools.servers[0]!.state).toEqualTypeOf<'connected' | 'lost' | 'failed' | 'closed'>()
  expectTypeOf(tools).toExtend<AsyncDisposable>()
})

test('a server is a program or an address', () => {
  expectTypeOf<{ url: URL; headers: { authorization: string } }>().toExtend<McpServer>()
  expectTypeOf<{ url: string; authProvider: { token(): Promise<string> } }>().toExtend<McpServer>()
  expectTypeOf<{ args: string[] }>().not.toExtend<McpServer>()
  expectTypeOf<{ command: string; args: string }>().not.toExtend<McpServer>()
})
