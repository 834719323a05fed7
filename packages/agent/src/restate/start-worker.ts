import { once } from 'node:events'
import type { ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { startTimer } from '@enjamb/core'
import type { Agent } from '../create-agent.ts'
import { loadSDK } from './load-sdk.ts'
import { type SessionServiceOptions, sessionService } from './session-service.ts'

/** Options of {@link startWorker}. */
export interface WorkerOptions extends SessionServiceOptions {
  /** Where the engine calls it; 0 is any that is free. Default 9080. */
  port?: number | undefined
  host?: string | undefined
  /**
   * How many turns may share a connection of the engine's: a balancer before several workers deals out connections, so few make it
   * fair. Default 4.
   */
  streamsPerConnection?: number | undefined
  /** How long turns that are under way may take when it is closed, in milliseconds, before others go on with them. Default 25,000. */
  drainMs?: number | undefined
  /** Told what the engine's SDK logs. Default: warnings and errors to the console. */
  logger?: ((level: string, message: string) => void) | undefined
}

/** A worker of a fleet. */
export interface Worker {
  readonly port: number
  /**
   * Takes no more, lets turns come to their end for `drainMs`, and breaks the connections of those that have not: then end the process,
   * and the engine has them gone on with elsewhere.
   *
   * @returns whether all had ended
   */
  close(): Promise<boolean>
}

/**
 * Serves an agent's sessions to the engine of a fleet, see {@link sessionService}.
 *
 * @throws as {@link sessionService}
 * @example
 * const worker = await startWorker(agent, { port: 9080 })
 * process.once('SIGTERM', async () => process.exit((await worker.close()) ? 0 : 1))
 */
export async function startWorker(
  agent: Agent,
  { port = 9080, host, streamsPerConnection = 4, drainMs = 25_000, logger = toConsole, ...options }: WorkerOptions = {},
): Promise<Worker> {
  const restate = await loadSDK()
  const { createServer } = await import('node:http2')
  const endpoint = restate.endpoint().setLogger(({ level }, message, ...more) => {
    if (level === 'warn' || level === 'error') logger(level, [message, ...more].map(String).join(' '))
  })
  for (const service of await sessionService(agent, options)) endpoint.bind(service)
  const server = createServer({ settings: { maxConcurrentStreams: streamsPerConnection } }, endpoint.http2Handler())
  const connections = new Set<ServerHttp2Session>()
  server.on('session', (connection) => {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
  })
  server.listen(port, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      let isCut = false
      const stop = startTimer(drainMs, () => {
        isCut = true
        for (const connection of connections) connection.destroy()
      })
      const closed = once(server, 'close')
      server.close()
      // Each ends with its last turn.
      for (const connection of connections) connection.close()
      await closed
      stop()
      return !isCut
    },
  }
}

function toConsole(level: string, message: string): void {
  console[level === 'error' ? 'error' : 'warn'](message)
}
