import type { RunnerMessage, Start } from '../messages.ts'
import { captureOutput } from './capture-output.ts'
import { compileSnippet } from './compile-snippet.ts'
import { describeError } from './describe-error.ts'

// A worker of its own for each run: an endless loop holds up nothing else, and the end of the worker is the end of its requests.
addEventListener('message', ({ data }: MessageEvent<Start>) => run(data), { once: true })
addEventListener('error', (event) => fail(event.error ?? event.message))
addEventListener('unhandledrejection', (event) => fail(event.reason))

async function run({ run, example, code }: Start): Promise<void> {
  try {
    const begun = await fetch(new URL(`begin?${new URLSearchParams({ run, example })}`, location.href))
    if ((await begun.text()) !== 'begun') throw new Error('The service worker does not answer: load the page again.')
    const module = new Blob([await compileSnippet(code)], { type: 'text/javascript' })
    standForServer()
    captureOutput((text, isError) => tell({ type: 'output', text, isError }))
    await import(URL.createObjectURL(module))
    tell({ type: 'end' })
  } catch (error) {
    fail(error)
  }
}

/** What a client looks for on a server: its key, and that nobody else can read it there. */
function standForServer(): void {
  const env = { ANTHROPIC_API_KEY: 'none-is-needed' }
  Object.assign(globalThis, { process: { env, argv: [], exitCode: undefined }, importScripts: undefined })
}

function fail(error: unknown): void {
  tell({ type: 'error', ...describeError(error) })
}

function tell(message: RunnerMessage): void {
  postMessage(message)
}
