import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createChat } from '../chat.ts'
import { createOpenAIHandler } from '../openai/create-openai-handler.ts'
import { serveHandler } from './serve-handler.ts'

const usage = `Usage: npx @enjamb/chat serve [options]

  What speaks OpenAI finds Claude here; the key for it comes from ANTHROPIC_API_KEY.

  --port <number>           default 8788
  --host <address>          default 127.0.0.1, which only this machine reaches
  --key <text>              what clients have to send as their key; or ENJAMB_DOOR_KEY; default: one is made up
  --model <name>=<claude>   a name that clients use, as gpt-5=sonnet; as often as needed; default: Claude's own names
`

const options = {
  port: { type: 'string', default: '8788' },
  host: { type: 'string', default: '127.0.0.1' },
  key: { type: 'string' },
  model: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const

/** Where a command talks to, and what ends it. */
export interface CommandContext {
  say(line: string): void
  complain(line: string): void
  stopped: AbortSignal
  env: { readonly [name: string]: string | undefined }
}

/** Runs until it is stopped; gives the exit code: 1 for a failure, 2 for a call that makes no sense. */
export async function runCommand(args: string[], { say, complain, stopped, env }: CommandContext): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    if (values.help || positionals.join() !== 'serve') {
      if (values.help) say(usage)
      else complain(usage)
      return values.help ? 0 : 2
    }
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port is a number from 0 to 65535')
    const given = values.key ?? env.ENJAMB_DOOR_KEY
    const key = given || randomBytes(24).toString('base64url')
    const handle = createOpenAIHandler(createChat(), { authorize: isFrom(key), models: tableOf(values.model) })
    const server = await serveHandler(handle, { port, host: values.host })
    say(`Listening on ${server.url}/v1: set it as the base URL of an OpenAI client. Ctrl+C stops.`)
    if (!given) say(`Its key, until it stops: ${key}`)
    if (!stopped.aborted) await new Promise((resolve) => stopped.addEventListener('abort', resolve, { once: true }))
    await server.close()
    return 0
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    return 1
  }
}

/** How long it takes tells nothing of the key. */
function isFrom(key: string): (request: Request) => boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  const right = hash(`Bearer ${key}`)
  return (request) => timingSafeEqual(hash(request.headers.get('authorization') ?? ''), right)
}

function tableOf(pairs: readonly string[] | undefined): { [name: string]: string } | undefined {
  return (
    pairs &&
    Object.fromEntries(
      pairs.map((pair) => {
        const [, name, model] = /^([^=]+)=(.+)$/.exec(pair) ?? []
        if (!name || !model) throw new Error(`--model is like gpt-5=sonnet, not ${pair}`)
        return [name, model]
      }),
    )
  )
}
