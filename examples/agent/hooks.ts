import { createAgent } from '@enjamb/agent'
import { permissions } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'

const cwd = process.cwd()
const tools = codingTools({ cwd })
const agent = createAgent({
  model: 'sonnet',
  tools,
  permission: permissions({ cwd, mode: 'acceptEdits', deny: ['Edit(./generated/**)', 'Write(./generated/**)'] }),
  hooks: {
    prompt: () => ({ context: `Today is ${new Date().toDateString()}.` }),
    beforeTool: {
      matcher: 'Write|Edit',
      run: ({ input }) =>
        JSON.stringify(input).includes('.env') ? { allow: false, reason: 'secrets are not for you' } : undefined,
    },
    afterTurn: ({ text, goneOn }) => (text.includes('TODO') && goneOn < 2 ? { prompt: 'Finish what is left.' } : {}),
  },
})
const session = await agent.session()
const { text, status } = await session.send('Write down in notes.txt what this folder holds.').final()
console.log(status, text)
await session.close()
await tools.close()
