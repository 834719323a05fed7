import type * as official from '@anthropic-ai/sdk/resources/files'
import { expectTypeOf, test } from 'vitest'
import type { DeletedFile, FileListParams, FileMetadata } from '../index.ts'

test('a file agrees in every field', () => {
  expectTypeOf<FileMetadata>().toEqualTypeOf<official.FileMetadata>()
  expectTypeOf<DeletedFile>().toEqualTypeOf<official.DeletedFile>()
})

test('a list of files is asked for in the same way', () => {
  expectTypeOf<Pick<FileListParams, keyof FileListParams>>().toEqualTypeOf<
    Omit<official.FileListParams, 'workspace_id'>
  >()
})
