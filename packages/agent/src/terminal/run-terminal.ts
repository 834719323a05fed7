import { version } from '@enjamb/core'
import { findCredential, howToGetAKey } from './find-credential.ts'
import { mockClient } from './mock-client.ts'
import { openAgent } from './open-agent.ts'
import { printAnswer } from './print-answer.ts'
import { createPrompter } from './prompter.ts'
import { type Arguments, readArguments, usage } from './read-arguments.ts'
import { createPaint } from './screen/paint.ts'
import { createScreen } from './screen/screen.ts'
import { converse } from './talk/converse.ts'

export interface TerminalStreams {
  input: NodeJS.ReadStream
  output: NodeJS.WriteStream
  errors: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
}

/** @returns the exit code: 1 for a failure, 2 for arguments that make no sense, 3 for an answer that is not complete */
export async function runTerminal(args: readonly string[], streams: TerminalStreams): Promise<number> {
  const complain = (line: string) => void streams.errors.write(`${line}\n`)
  let read: Arguments
  try {
    read = readArguments(args)
  } catch (error) {
    complain(`${(error as Error).message}\nnpx @enjamb/agent --help has the options.`)
    return 2
  }
  if (read.help || read.version) {
    streams.output.write(read.help ? usage : `${version}\n`)
    return 0
  }
  try {
    return await run(read, streams, complain)
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    return 1
  }
}

async function run(args: Arguments, streams: TerminalStreams, complain: (line: string) => void): Promise<number> {
  const { input, output, env } = streams
  const interactive = !args.print && input.isTTY === true && output.isTTY === true
  const live = output.isTTY === true && env.TERM !== 'dumb'
  using prompter = interactive ? createPrompter(streams) : undefined

  const credential = args.mock ? undefined : findCredential(env)
  if (!credential && !args.mock) {
    complain(howToGetAKey)
    const answer = await prompter?.ask('Try it on a mock of the API meanwhile? [Y/n] ')
    if (answer === undefined || /^n/i.test(answer.trim())) return 1
  }
  await using mock = credential ? undefined : await mockClient()
  const nobodyToAsk = { allow: false, reason: 'nobody is there to ask; --allow says what is allowed' } as const
  const client = mock?.options ?? credential ?? {}
  await using working = openAgent(args, { client, unasked: interactive ? { defer: true } : nobodyToAsk, env })
  if (!prompter) return await printAnswer(args, working, { input, output, complain })

  const paint = createPaint(live && !env.NO_COLOR)
  const screen = createScreen(output, live)
  screen.show([paint('quiet', `${working.cwd}  ·  ${mock ? 'mock' : args.model}  ·  /help`)])
  await converse(args, { screen, paint, prompter }, working)
  return 0
}
