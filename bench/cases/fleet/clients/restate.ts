import { fleetAdmin, fleetClient } from '@enjamb/agent/restate'
import { startBalancer } from '../../../../scripts/fleet/start-balancer.ts'
import type { Client, Run } from './client.ts'

export async function connectRestate({ engine }: Run): Promise<Client> {
  const client = fleetClient(engine.ingressUrl)
  const balancer = await startBalancer()
  let registered: Promise<unknown> | undefined
  return {
    workers: balancer.ports,
    async ask({ session, id, content }) {
      registered ??= fleetAdmin(engine.adminUrl).register(balancer.url)
      await registered
      await (await client.send(session, content, { id })).final()
      return []
    },
    close: balancer.close,
  }
}
