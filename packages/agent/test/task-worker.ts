import { defineTool } from '@enjamb/tools'
import { createAgent } from '../src/index.ts'
import { fileStore } from '../src/node/index.ts'

/** A process that works at a task of a folder, which it begins or goes on with, and says what it came to. */
const [directory, baseURL, prompt] = process.argv.slice(2) as [string, string, string]
const input = { type: 'object' } as const
const look = defineTool({ name: 'look', description: 'Looks.', input, readOnly: true, run: () => 'A cat.' })
const agent = createAgent({
  apiKey: 'key',
  baseURL,
  model: 'claude-haiku-4-5',
  cache: false,
  retry: { maxRetries: 0 },
  store: fileStore(directory),
  tools: [look],
  agents: [],
})
const { status, result, cost, costAtMost, error } = await agent.task(prompt, { id: 'root', maxCost: 1 }).final()
console.log(JSON.stringify({ status, summary: result.summary, nanoUsd: cost?.nanoUsd, costAtMost, error }))
