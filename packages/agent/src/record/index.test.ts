import { expect, it } from 'vitest'
import * as record from './index.ts'

it('exports these names and no others', () => {
  expect(Object.keys(record).sort()).toEqual([
    'ReplayError',
    'createLogFormatter',
    'readRecord',
    'replaySession',
    'toHTMLTrace',
    'toLog',
    'toMarkdown',
    'toMetadata',
  ])
})
