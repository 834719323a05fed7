import { createAgent } from '@enjamb/agent'
import { fileStore } from '@enjamb/agent/node'
import { defineTool, permissions } from '@enjamb/tools'

const refund = defineTool({
  name: 'refund',
  description: 'Pays an order back.',
  input: {
    type: 'object',
    properties: { order: { type: 'string' }, cents: { type: 'integer' } },
    required: ['order', 'cents'],
  },
  // The key is the same however often this call is tried: a payment service makes one payment of it.
  run: ({ order, cents }, { idempotencyKey }) => `Paid ${cents} cents back for ${order} (${idempotencyKey}).`,
})
const agent = createAgent({
  model: 'sonnet',
  tools: [refund],
  permission: permissions({ canUseTool: () => ({ defer: true }) }),
  store: fileStore('sessions'),
})

// `node approve-later.ts` asks, and ends; `node approve-later.ts yes`, days later and anywhere, decides.
const [answer] = process.argv.slice(2)
const session = await agent.session({ id: 'order-1042', resume: 'if-exists' })
if (!answer) {
  const { status, pending } = await session.send('Order 1042 came broken. Pay it back.', { id: 'mail-7' }).final()
  console.log(status, pending[0]?.name, pending[0]?.input)
} else {
  const [call] = session.pending
  const turn = call && (await session.decide(call.id, { allow: answer === 'yes', hash: call.hash, by: 'ann' }))
  console.log((await turn?.final())?.text ?? 'Nothing waits.')
}
await session.close()
