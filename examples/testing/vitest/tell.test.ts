import { expect, it } from 'vitest'
import { mock } from './mock.ts'
import { tell } from './tell.ts'

it('keeps what it has when the stream is cut', async () => {
  const heard: string[] = []
  await mock({ text: 'Once upon a time there was a train.', cutAfterEvents: -4 })
  await tell('trains', (text) => heard.push(text))
  expect(heard.join('')).toMatch(/^Once upon .* \[stream_interrupted\]$/)
})

it('hears of an overload in the middle of a stream', async () => {
  const heard: string[] = []
  await mock({ text: 'Once upon a time there was a train.', error: { type: 'overloaded_error', afterEvents: 5 } })
  await tell('trains', (text) => heard.push(text))
  expect(heard.at(-1)).toBe(' [overloaded]')
})
