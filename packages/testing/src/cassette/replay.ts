import { fromFetchHandler } from '../server/from-fetch-handler.ts'
import { listen } from '../server/listen.ts'
import { nodeModule } from '../server/node-module.ts'
import { createReplayer, type Replayer, type ReplayerOptions } from './create-replayer.ts'

const maxBodyBytes = 256 * 1024 * 1024

/** Which cassette to answer from, and on which port. */
export interface ReplayOptions extends ReplayerOptions {
  /** A cassette that `record` wrote. */
  file: string
  /** Default: any that is free. */
  port?: number
}

/** A server on 127.0.0.1 that answers from a cassette. */
export interface ReplayServer {
  /** What a client takes as its base URL. */
  readonly url: string
  /** What was asked for and not recorded: a description each. */
  readonly mismatches: Replayer['mismatches']
  /** How many recorded answers were not asked for yet. */
  readonly left: number
  close(): Promise<void>
}

/**
 * Starts a server that answers from a cassette. Needs Node, Bun or Deno.
 *
 * @throws {Error} where the file cannot be read or is no cassette, or the port is taken
 */
export async function replay(options: ReplayOptions): Promise<ReplayServer> {
  const { file, port = 0, ...rest } = options
  const { readFile } = nodeModule('node:fs/promises')
  const { parseCassette } = await import('./parse-cassette.ts')
  const replayer = createReplayer(parseCassette(await readFile(file, 'utf8'), file), rest)
  const { url, close } = await listen(fromFetchHandler(replayer), { port, maxBodyBytes, gzip: false })
  return {
    url,
    close,
    mismatches: replayer.mismatches,
    get left() {
      return replayer.left
    },
  }
}
