import { expect, it } from 'vitest'
import { mock } from './mock.ts'
import { summarize } from './summarize.ts'

it('answers one after the other', async () => {
  await mock('The first answer.', ({ text }) => `You wrote: ${text}`)
  expect(await summarize('one')).toBe('The first answer.')
  expect(await summarize('two')).toBe('You wrote: two')
})

it('answers what is asked, in any order', async () => {
  await mock(
    { when: { text: /rain/i }, times: Infinity, reply: 'Wet.' },
    { when: { text: /sun/i }, times: Infinity, reply: 'Dry.' },
  )
  expect(await Promise.all([summarize('Sun!'), summarize('Rain!'), summarize('Sun?')])).toEqual([
    'Dry.',
    'Wet.',
    'Dry.',
  ])
})
