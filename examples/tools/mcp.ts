import { createClient } from '@enjamb/core'
import { permissions, runTools, withPermission } from '@enjamb/tools'
import { mcpTools } from '@enjamb/tools/mcp'

const tools = await mcpTools({
  files: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '.'] },
  tracker: { url: 'http://localhost:9000/mcp', headers: { authorization: `Bearer ${process.env.TRACKER_TOKEN}` } },
})
for (const server of tools.servers) console.log(server.name, server.error ?? `${server.tools.length} tools`)

try {
  const run = runTools(
    createClient(),
    {
      model: 'claude-haiku-4-5',
      max_tokens: 1024,
      messages: [{ role: 'user', content: 'What do my notes say?' }],
      tools,
    },
    {
      permission: withPermission(
        permissions({ allow: ['mcp__files__read_*', 'mcp__files__list_*'], deny: ['mcp__tracker'] }),
      ),
    },
  )
  for await (const text of run.text()) process.stdout.write(text)
} finally {
  await tools.close()
}
