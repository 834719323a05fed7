import { setTimeout as sleep } from 'node:timers/promises'
import { batchResults, createBatch, createClient, retrieveBatch } from '@enjamb/core'

const client = createClient()
const cities = ['Rome', 'Bern', 'Oslo']
let batch = await createBatch(client, {
  requests: cities.map((city) => ({
    custom_id: city,
    params: {
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: `Which river runs through ${city}?` }],
    },
  })),
})
while (batch.processing_status !== 'ended') {
  await sleep(1_000)
  batch = await retrieveBatch(client, batch.id)
}
for await (const { custom_id, result } of batchResults(client, batch.id)) {
  console.log(custom_id, result.type)
}
