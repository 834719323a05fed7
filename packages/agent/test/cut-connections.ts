import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Where a connection is cut: `question`, before the server has heard it; `answer`, when the server has done it and says so;
 * `work`, while the server, which hears nothing of the cut, is still at it.
 */
type Cut = 'question' | 'answer' | 'work'

export interface CuttableConnections {
  url: string
  /** Cuts the next connection that says this. Resolves when it was cut. */
  cut(where: Cut, said: string): Promise<void>
  /** From here on nobody gets through. */
  close(): Promise<void>
}

/** The message Sync: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const endOfQuestion = Buffer.from([0x53, 0, 0, 0, 4])

/** Stands between clients and a database, and cuts connections where it is told to. */
export async function cuttableConnections(url: string): Promise<CuttableConnections> {
  const host = new URL(url.replace('@/', '@localhost/')).searchParams.get('host')!
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-cut-'))
  const name = '.s.PGSQL.5432'
  const sockets = new Set<Socket>()
  let next: { where: Cut; said: string; done(): void } | undefined

  const server = createServer((client) => {
    const backend = connect(join(host, name))
    let cutAtAnswer: (() => void) | undefined
    for (const socket of [client, backend]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    let left = false
    backend.on('close', () => client.destroy())
    client.on('close', () => {
      if (!left) backend.destroy()
    })
    let cut: typeof next
    client.on('data', (data) => {
      if (next && data.includes(next.said)) {
        cut = next
        next = undefined
      }
      if (cut?.where !== 'question') backend.write(data)
      // A question may come in several pieces.
      if (!cut || !data.subarray(-endOfQuestion.length).equals(endOfQuestion)) return
      if (cut.where === 'answer') cutAtAnswer = cut.done
      else {
        left = cut.where === 'work'
        client.destroy()
        cut.done()
      }
    })
    backend.on('data', (data) => {
      if (!cutAtAnswer) return void client.write(data)
      client.destroy()
      cutAtAnswer()
    })
  })
  await new Promise<void>((resolve) => server.listen(join(folder, name), resolve))
  return {
    url: url.replace(encodeURIComponent(host), encodeURIComponent(folder)),
    cut: (where, said) =>
      new Promise((resolve) => {
        next = { where, said, done: resolve }
      }),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
