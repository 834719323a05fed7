import { createAgent } from '@enjamb/agent'

// Many tasks, and how far they are.
const agent = createAgent({ model: 'haiku' })
const languages = ['Finnish', 'Swahili', 'Quechua', 'Basque', 'Khmer', 'Welsh', 'Inuktitut', 'Maori']
const batch = agent.tasks(
  languages.map((language) => `How do you say "good morning" in ${language}? Give the words alone.`),
  { concurrency: 4, maxCost: 0.5 },
)

for await (const { index, status, result } of batch) {
  const { completed, failed, running, total, totalCost } = batch.progress
  const done = Math.round((20 * (completed + failed)) / total)
  const bar = `[${'█'.repeat(done)}${' '.repeat(20 - done)}] ${running} at work, ${failed} failed, $${totalCost.toFixed(6)}`
  console.log(bar, `${languages[index]}: ${status === 'completed' ? result.summary : status}`)
}
