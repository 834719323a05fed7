import { batch, createChat, resumeBatch, streamBatch, submitBatch } from '@enjamb/chat'

const chat = createChat({ model: 'haiku', maxTokens: 200 })
const questions = ['Name a river.', 'Name a lake.', { id: 'sea', prompt: 'Name a sea.' }]

// One failure never fails the rest: it has its error in its place.
const { completed, failed, results, totalCost, totalTokens } = await batch(chat, questions, { concurrency: 2 })
console.log(completed, failed, totalTokens, totalCost?.usd, results[0]?.reply?.text)

for await (const { id, reply, error } of streamBatch(chat, questions)) console.log(id, reply?.text ?? error)

// For half the price, within a day: the id is there at once, and any process can go on with it.
const { id } = await submitBatch(chat, questions)
const late = await resumeBatch(chat, id, { inputs: questions, pollMs: 30_000 }).final()
console.log(
  late.results.map(({ id, reply }) => `${id}: ${reply?.text}`),
  late.totalCost?.usd,
)

// The same in one call, which waits for it.
await batch(chat, questions, { via: 'batches', onSubmit: (id) => console.log(id.slice(0, 9)) })
