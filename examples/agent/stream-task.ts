import { createAgent } from '@enjamb/agent'
import { codingTools, loadSkills } from '@enjamb/tools/node'

// What a task does, as it does it.
await using tools = codingTools({ cwd: process.cwd(), skills: await loadSkills(['.claude/skills']) })
const agent = createAgent({ model: 'sonnet', tools, agents: [] })

for await (const event of agent.task('Find out what this project is, and tell me.', { maxCost: 1 })) {
  if (event.type === 'text') process.stdout.write(event.content)
  else if (event.type === 'tool_call') console.log(`\n→ ${event.content.name}`, JSON.stringify(event.content.input))
  else if (event.type === 'tool_result') console.log(event.content.isError ? '✗' : '✓', event.content.name)
  else if (event.type === 'agent_spawn') console.log(`+ ${event.content.agent}`)
  else if (event.type === 'skill_invoke') console.log(`* ${event.content.skill}`)
  else if (event.type === 'retry') console.log(`… again: ${event.content.why}`)
  else if (event.type === 'result') console.log(`\n${event.content.status}, $${event.content.cost?.usd}`)
}
