import { join } from 'node:path'
import { stdin, stdout } from 'node:process'
import { createAgent } from '@enjamb/agent'
import { fileStore } from '@enjamb/agent/node'
import { createChat } from '@enjamb/chat'
import { isEnjambError } from '@enjamb/core'
import { codingTools } from '@enjamb/tools/node'
import { type Connection, connect } from './connect.ts'
import { converse } from './converse.ts'
import { formatCost, formatUsage, note, printText, printTurn, question, title } from './print.ts'
import { withSampleFolder } from './sample-folder.ts'

async function quickstart({ options, about }: Connection): Promise<void> {
  note(about)
  const chat = createChat({ ...options, model: 'haiku', maxTokens: 1_000 })

  title('1. An answer, streamed')
  question('What is an enjambment? One sentence, please.')
  const stream = chat.stream('What is an enjambment? One sentence, please.')
  await printText(stream.text())
  const streamed = await stream.final()

  title('2. A reply in one piece, with its usage and cost')
  question('Name three rivers, and nothing else.')
  const reply = await chat.chat('Name three rivers, and nothing else.')
  console.log(reply.text)
  note(`${reply.model}, ${formatUsage(reply.usage)}, ${formatCost(reply.cost)}, request ${reply.requestId}`)

  const agentCost = await withSampleFolder(async (cwd) => {
    title('3. An agent that looks at files')
    note(`in ${cwd}`)
    const folder = join(cwd, '.sessions')
    const work = async (prompt: string) => {
      // A new agent each time, as in another process: the session is what its journal says.
      const tools = codingTools({ cwd, exclude: ['.sessions/**'] })
      const store = fileStore(folder)
      const agent = createAgent({ ...options, model: 'haiku', maxTokens: 2_000, tools, store })
      const session = await agent.session({ id: 'poems', resume: 'if-exists' })
      question(prompt)
      await printTurn(session.send(prompt))
      await session.close()
      return session.cost
    }
    await work('Use Glob: which files are here?')
    title('4. The same session, resumed from its journal')
    note(`${join(folder, 'poems.jsonl')}, a line for each thing that happened`)
    return work('Read both poems. Which is the longer one?')
  })

  title('5. What it cost')
  const costs = [streamed.cost, reply.cost, agentCost]
  const names = ['streamed answer', 'reply', 'agent session']
  for (const [index, cost] of costs.entries()) console.log(`${names[index]?.padEnd(18)}${formatCost(cost)}`)
  console.log(
    `${'together'.padEnd(18)}$${(costs.reduce((sum, cost) => sum + (cost?.nanoUsd ?? 0), 0) / 1e9).toFixed(6)}`,
  )

  if (stdin.isTTY && stdout.isTTY) await converse(await createAgent({ ...options, model: 'haiku' }).session())
}

const advice: Record<string, string> = {
  authentication: 'Check the credential in your environment, or unset it to use the mock API.',
  billing: 'Add credit to the account that the key belongs to, or unset the key to use the mock API.',
  connection: 'Check the network and ANTHROPIC_BASE_URL, or unset the credential to use the mock API.',
  rate_limit: 'Wait a little, and run it again.',
  config: 'Correct it in your environment: the credential, or ANTHROPIC_BASE_URL, which is the baseURL.',
}

const connection = await connect(process.env)
try {
  await quickstart(connection)
} catch (error) {
  if (!isEnjambError(error)) throw error
  console.error(`\n${error.message}`)
  console.error(advice[error.code] ?? 'Run it again; without a credential in the environment it uses the mock API.')
  process.exitCode = 1
} finally {
  await connection.close()
}
