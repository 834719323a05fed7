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
    'SessionStoreError',
    'TurnBoundaryError',
    'createAgent',
    'exportSession',
    'importSession',
    'memoryStore',
    'query',
  ])
})
