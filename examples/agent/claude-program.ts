import { parseArgs } from 'node:util'
import { createAgent } from '@enjamb/agent'
import { cliBackend } from '@enjamb/agent/cli'
import { fileStore } from '@enjamb/agent/node'
import { permissions } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'

// `node claude-program.ts` works over the API, `node claude-program.ts --backend cli` has the Claude Code program do it.
const { values } = parseArgs({ options: { backend: { type: 'string', default: 'api' } } })
const cwd = process.cwd()
const permission = permissions({ cwd, allow: ['Read', 'Bash(git log:*)'], deny: ['WebFetch'] })
const shared = { model: 'sonnet', cwd, permission, store: fileStore('sessions') } as const

await using tools = codingTools({ cwd })
const agent =
  values.backend === 'cli' ? createAgent({ ...shared, backend: cliBackend() }) : createAgent({ ...shared, tools })

await using session = await agent.session()
for await (const event of session.send('What has changed here lately?')) {
  if (event.type === 'text') process.stdout.write(event.text)
  if (event.type === 'tool_call') console.log(event.name, event.input)
}
console.log(`\n$${session.cost?.usd}`)
