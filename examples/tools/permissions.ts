import { createInterface } from 'node:readline/promises'
import { createClient } from '@enjamb/core'
import { permissions, runTools, withPermission } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'

const cwd = process.cwd()
const terminal = createInterface({ input: process.stdin, output: process.stdout })
const tools = codingTools({ cwd })

const run = runTools(
  createClient(),
  {
    model: 'claude-sonnet-5-5',
    max_tokens: 8192,
    messages: [{ role: 'user', content: 'Clean up this folder.' }],
    tools,
  },
  {
    permission: withPermission(
      permissions({
        cwd,
        allow: ['Edit(./src/**)', 'Bash(git status:*)', 'Bash(npm test)'],
        deny: ['Read(**/.env)', 'Bash(git push:*)'],
        // Everything else that is not merely read is asked, one call at a time.
        canUseTool: async ({ name, input }) => {
          const answer = await terminal.question(`${name} ${JSON.stringify(input)}? [y/N] `)
          return answer === 'y' ? { allow: true } : { allow: false, reason: 'the user said no' }
        },
      }),
    ),
  },
)
for await (const event of run) {
  if (event.type === 'tool_result') console.log(event.name, event.isError ? 'failed' : 'done')
}
terminal.close()
await tools.close()
