import { expect, it } from 'vitest'
import { mock } from './mock.ts'
import { askAboutWeather } from './weather.ts'

it('calls the tool, and answers with its result', async () => {
  await mock(
    { text: 'Let me see. ', toolCalls: [{ name: 'temperature', input: { city: 'Rome' } }] },
    ({ toolResults }) => `It has ${toolResults[0]?.text}.`,
  )
  const { answer, calls } = await askAboutWeather('How warm is it in Rome?')
  expect(answer).toBe('Let me see. It has 16 °C.')
  expect(calls).toMatchObject([{ name: 'temperature', input: { city: 'Rome' }, result: '16 °C' }])
})

it('survives a call that makes no sense', async () => {
  await mock(
    { toolCalls: [{ name: 'temperature', input: { town: 'Rome' } }] },
    ({ toolResults }) => `That was ${toolResults[0]?.isError ? 'an error' : 'fine'}.`,
  )
  expect((await askAboutWeather('How warm is it?')).answer).toBe('That was an error.')
})
