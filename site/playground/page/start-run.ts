import { type RunnerMessage, type Start, type WireMessage, wireChannel } from '../messages.ts'

export interface RunOptions extends Omit<Start, 'run'> {
  base: string
  onMessage: (message: RunnerMessage) => void
  onWire: (message: WireMessage) => void
}

/** Runs a snippet in a worker of its own. What it returns ends it, and its requests, at any moment. */
export function startRun({ base, example, code, onMessage, onWire }: RunOptions): () => void {
  const run = crypto.randomUUID()
  const worker = new Worker(`${base}playground/runner.js`, { type: 'module', name: example })
  const channel = new BroadcastChannel(wireChannel)
  let isOver = false
  channel.onmessage = ({ data }: MessageEvent<WireMessage>) => {
    if (data.run === run && !(isOver && data.type === 'request')) onWire(data)
  }
  worker.onmessage = ({ data }: MessageEvent<RunnerMessage>) => onMessage(data)
  worker.onerror = ({ message }) =>
    onMessage({ type: 'error', name: 'Error', message: message || 'What runs snippets could not be loaded.' })
  worker.postMessage({ run, example, code } satisfies Start)
  return () => {
    if (isOver) return
    isOver = true
    worker.terminate()
    worker.onmessage = null
    // Requests that are cut by that are still to be told of.
    setTimeout(() => channel.close(), 1_000)
  }
}
