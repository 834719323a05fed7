import { createAgent, memoryStore } from '@enjamb/agent'
import { readRecord, replaySession } from '@enjamb/agent/record'

const store = memoryStore()
const session = await createAgent({ model: 'sonnet', system: 'Be short.', store }).session({ id: 'rivers' })
await session.send('Name three rivers.').final()
const { entries } = await readRecord(store, 'rivers')

// From here on no request leaves the process.
const replay = replaySession(entries)
const again = await createAgent(replay.options).session()
for (const { content } of replay.prompts) console.log((await again.send(content).final()).text)

const changed = await createAgent({ ...replaySession(entries).options, system: 'Be long.' }).session()
await changed
  .send('Name three rivers.')
  .final()
  .catch((error) => console.log(error.message))
