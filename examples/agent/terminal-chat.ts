import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { createAgent, type Turn } from '@enjamb/agent'
import { fileStore } from '@enjamb/agent/node'
import { permissions } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'

// A chat in the terminal, kept in a folder: `--resume ID` goes on with one, also after a crash.
const { values } = parseArgs({ options: { resume: { type: 'string' } } })
const cwd = process.cwd()
const tools = codingTools({ cwd, exclude: ['.sessions/**'] })
const agent = createAgent({
  model: 'sonnet',
  tools,
  store: fileStore('.sessions'),
  // Whatever no rule allows waits for an answer, for as long as it takes.
  permission: permissions({ cwd, allow: ['Read', 'Glob', 'Grep'], canUseTool: () => ({ defer: true }) }),
})
const session = await agent.session({ id: values.resume, resume: values.resume !== undefined })
const terminal = createInterface({ input: stdin, output: stdout })

// Ctrl-C ends the answer that is being given; where there is none, the program.
terminal.on('SIGINT', () => {
  if (session.status === 'running') void session.interrupt()
  else terminal.close()
})
const closed = new Promise<undefined>((resolve) => terminal.once('close', () => resolve(undefined)))
const ask = (question: string) => Promise.race([terminal.question(question).catch(() => undefined), closed])

async function show(turn: Turn): Promise<void> {
  for await (const event of turn) {
    if (event.type === 'text') stdout.write(event.text)
    if (event.type === 'tool_start') console.log(`\n→ ${event.name} ${JSON.stringify(event.input)}`)
    if (event.type === 'tool_result' && event.isError) console.log(`← ${JSON.stringify(event.result)}`)
  }
  const { status, cost } = await turn.final()
  if (status !== 'completed') stdout.write(`\n(${status})`)
  console.log(`\n$${cost?.usd.toFixed(4)} for this, $${session.cost?.usd.toFixed(4)} in all`)
}

/** Asks about what waits, and goes on with what is left to do. */
async function goOn(): Promise<void> {
  for (const { id, hash, name, input } of session.pending) {
    const answer = await ask(`Allow ${name} ${JSON.stringify(input)}? [y/N] `)
    if (answer === undefined) return
    await session.decide(id, { allow: answer.trim() === 'y', hash })
  }
  const turn = session.continue()
  if (!turn) return
  await show(turn)
  await goOn()
}

console.log(`Session ${session.id}. An empty line ends it.`)
await goOn()
while (!session.pending.length) {
  const prompt = (await ask('> '))?.trim()
  if (!prompt) break
  try {
    await show(session.send(prompt))
    await goOn()
  } catch (error) {
    console.error(String(error))
  }
}
terminal.close()
await session.close()
await tools.close()
