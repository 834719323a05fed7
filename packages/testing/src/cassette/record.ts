import { fromFetchHandler } from '../server/from-fetch-handler.ts'
import { listen } from '../server/listen.ts'
import { nodeModule } from '../server/node-module.ts'
import { formatCassette } from './cassette.ts'
import { createRecorder, type RecorderOptions } from './create-recorder.ts'

const maxBodyBytes = 256 * 1024 * 1024

/** What to record, and where to keep it. */
export interface RecordOptions extends Omit<RecorderOptions, 'onExchange' | 'upstream'> {
  /** Where to keep the cassette; what is there is replaced. */
  file: string
  /** Default `https://api.anthropic.com`. */
  upstream?: string
  /** Default: any that is free. */
  port?: number
}

/** A proxy on 127.0.0.1. */
export interface RecordServer {
  /** What a client takes as its base URL. */
  readonly url: string
  /** Writes the cassette, and ends every connection. */
  close(): Promise<void>
}

/**
 * Starts a proxy that passes requests on to the API and keeps the exchanges in a file, for `replay`. Credentials,
 * organisations and ids of users are left out of it; bytes and their timing are kept. Needs Node, Bun or Deno.
 *
 * @throws {Error} where the file cannot be written, or the port is taken
 * @example
 * ```ts
 * const proxy = await record({ file: 'test/cassettes/weather.json' })
 * const client = new Anthropic({ baseURL: proxy.url })
 * await proxy.close()
 * ```
 */
export async function record(options: RecordOptions): Promise<RecordServer> {
  const { file, port = 0, upstream = 'https://api.anthropic.com', ...rest } = options
  const { mkdir, writeFile } = nodeModule('node:fs/promises')
  const { dirname } = nodeModule('node:path')
  await mkdir(dirname(file), { recursive: true })
  const recorder = createRecorder({ ...rest, upstream })
  const save = () => writeFile(file, formatCassette(recorder.cassette))
  await save()
  const { url, close } = await listen(fromFetchHandler(recorder), { port, maxBodyBytes, gzip: false })
  return {
    url,
    async close() {
      await close()
      await save()
    },
  }
}
