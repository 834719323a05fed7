import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { createAgent, type Session } from '@enjamb/agent'
import { codingTools } from '@enjamb/tools/node'

// Each session has tools of its own, which end with it.
const agent = createAgent({ model: 'sonnet', tools: ({ cwd }) => codingTools({ cwd }) })
const session = await agent.session()
await session.send('Write a line about winter into poem.txt.').final()
const winter = await lastTurn(session)
await session.send('No, about summer.').final()

// What would become of the files; then it is done. What somebody else has changed, too, is left.
const { files } = await session.rewind({ to: winter, dryRun: true })
for (const { path, change, reason = '' } of files) console.log(change, basename(path), reason)
await session.rewind({ to: winter })
console.log(await readFile('poem.txt', 'utf8'))

// Goes on from here by itself, and shares what the API has cached.
const other = await session.fork()
console.log((await other.send('Read it to me.').final()).text)
await other.close()
await session.close()

async function lastTurn({ entries }: Session): Promise<number> {
  let last = 1
  for await (const { type, seq } of entries()) if (type === 'turn') last = seq
  return last
}
