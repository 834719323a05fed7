import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sessionStoreTests } from '@enjamb/testing'
import { afterAll, describe, it } from 'vitest'
import { fileStore } from './file-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'enjamb-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the file store', () => {
  for (const { name, run } of sessionStoreTests((storage) => fileStore(join(folder, storage)))) it(name, run)
})
