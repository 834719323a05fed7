import { expect, it } from 'vitest'
import { cassette } from './cassette.ts'
import { summarize } from './summarize.ts'

it('summarizes as it did', async () => {
  await cassette('rain')
  expect(await summarize('It rained all night, and in the morning the roof was gone.')).toContain('roof')
})
