import { expect, it } from 'vitest'
import * as agent from './index.ts'

it('exports these names and no others', () => {
  expect(Object.keys(agent).sort()).toEqual([
    'CompactionError',
    'JournalError',
    'SessionBusyError',
    'SessionImportError',
    'SessionLostError',
    'SessionNotFoundError',
    'SessionRequestError',
    'SessionStoreError',
    'TurnBoundaryError',
    'createAgent',
    'createSessionHandler',
    'exportSession',
    'followSession',
    'importSession',
    'memoryStore',
    'query',
    'resumeTurn',
  ])
})
