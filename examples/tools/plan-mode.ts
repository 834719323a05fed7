import { createInterface } from 'node:readline/promises'
import { createClient } from '@enjamb/core'
import { type PermissionMode, permissions, runTools, withPermission } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'

const cwd = process.cwd()
const terminal = createInterface({ input: process.stdin, output: process.stdout })
let mode: PermissionMode = 'default'
const tools = codingTools({
  cwd,
  onEnterPlanMode: () => {
    mode = 'plan'
    return true
  },
  onPlan: async (plan) => {
    const approved = (await terminal.question(`${plan}\nShall it be done? [y/N] `)) === 'y'
    if (approved) mode = 'acceptEdits'
    return { approved }
  },
})

const run = runTools(
  createClient(),
  {
    model: 'claude-sonnet-5-5',
    max_tokens: 8192,
    messages: [{ role: 'user', content: 'Plan how to add a line about tests to NOTES.md, then do it.' }],
    tools,
  },
  { permission: withPermission(permissions({ cwd, mode: () => mode })) },
)
for await (const text of run.text()) process.stdout.write(text)
terminal.close()
await tools.close()
