import { RequestAbortedError } from '@enjamb/core'
import type { Chat } from '../chat.ts'
import type { ChatOptions } from '../request/chat-options.ts'
import type { BatchItem } from './batch-items.ts'
import type { BatchResult } from './batch-result.ts'

/** Asks each in turn, some beside one another, and gives what comes as it comes. */
export async function* runInputs(
  chat: Chat,
  items: readonly BatchItem[],
  options: ChatOptions,
  concurrency: number,
  signal: AbortSignal,
): AsyncGenerator<BatchResult, void> {
  const done: BatchResult[] = []
  let next = 0
  let running = 0
  let wake = () => {}
  const start = async (item: BatchItem) => {
    running++
    done.push(await ask(chat, item, { ...options, signal }))
    running--
    wake()
  }
  while (next < items.length || running || done.length) {
    while (running < concurrency && next < items.length) void start(items[next++]!)
    if (!done.length) await new Promise<void>((resolve) => (wake = resolve))
    yield done.shift()!
  }
}

/** It never rejects. */
async function ask(chat: Chat, { id, prompt }: BatchItem, options: ChatOptions): Promise<BatchResult> {
  const { signal } = options
  try {
    if (signal?.aborted)
      throw new RequestAbortedError('The batch was aborted before this was asked.', { cause: signal.reason })
    const reply = await chat.chat(prompt, options)
    return { id, prompt, status: 'completed', reply, cost: reply.cost }
  } catch (error) {
    return { id, prompt, status: 'failed', error: error as Error }
  }
}
