import { writeFile } from 'node:fs/promises'
import { createAgent } from '@enjamb/agent'
import { fileStore } from '@enjamb/agent/node'
import { readRecord, toHTMLTrace, toMetadata } from '@enjamb/agent/record'
import { codingTools } from '@enjamb/tools/node'

const store = fileStore('./sessions')
const tools = codingTools({ cwd: process.cwd() })
const agent = createAgent({ model: 'sonnet', tools, store, logDir: './logs', logName: 'reader', logAll: true })
const session = await agent.session({ title: 'What is here' })
await session.send('Which files are here?').final()
await session.close()
await tools.close()

const { entries, children } = await readRecord(store, session.id)
await writeFile('trace.html', toHTMLTrace(entries, { children }))
const { num_turns, duration_s, cost_usd } = toMetadata(entries)
console.log(`${num_turns} requests, ${duration_s} s, $${cost_usd}`)
