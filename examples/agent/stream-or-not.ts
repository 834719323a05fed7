import { createChat } from '@enjamb/chat'

// The same question twice: as it is written, and when it is done. What differs is the wait for the first word.
const chat = createChat({ model: 'haiku' })
const prompt = 'Tell the story of the Trojan horse in ten sentences.'

async function measure(ask: (seen: () => void) => Promise<unknown>) {
  const start = performance.now()
  let first: number | undefined
  await ask(() => {
    first ??= performance.now() - start
  })
  return { 'first text (ms)': Math.round(first ?? 0), 'all of it (ms)': Math.round(performance.now() - start) }
}

const streamed = await measure(async (seen) => {
  for await (const _ of chat.stream(prompt).text()) seen()
})
const whole = await measure(async (seen) => {
  await chat.chat(prompt)
  seen()
})
console.table({ streamed, 'not streamed': whole })
