import { fleetClient } from '@enjamb/agent/restate'

const fleet = fleetClient(process.env.ENGINE_URL ?? 'http://localhost:8080')

const turn = await fleet.send('mail-42', 'Which of these are urgent?', { id: 'mail-42/1' })
for await (const event of fleet.follow('mail-42')) {
  if (event.type === 'waiting') await fleet.decide('mail-42', event.id, { allow: true, hash: event.hash })
  if (event.type === 'turn_end' && event.status !== 'waiting') break
}
const { status, text } = await turn.final()
console.log(status, text)
