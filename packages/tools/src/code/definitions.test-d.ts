import { expectTypeOf, test } from 'vitest'
import { defineTool } from '../define/define-tool.ts'
import {
  type AskUserQuestionInput,
  type EditInput,
  type GrepInput,
  readDefinition,
  type TodoWriteInput,
} from './index.ts'

test('what a definition asks for is what run gets', () => {
  defineTool({
    ...readDefinition,
    run: (input) => {
      expectTypeOf(input).toEqualTypeOf<{
        file_path: string
        offset?: number | undefined
        limit?: number | undefined
        pages?: string | undefined
      }>()
    },
  })
})

test('inputs have names, choices and lists as their schemas say', () => {
  expectTypeOf<EditInput>().toEqualTypeOf<{
    file_path: string
    old_string: string
    new_string: string
    replace_all?: boolean | undefined
  }>()
  expectTypeOf<GrepInput['output_mode']>().toEqualTypeOf<'content' | 'files_with_matches' | 'count' | undefined>()
  expectTypeOf<GrepInput['-A']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<TodoWriteInput>().toEqualTypeOf<{
    todos: { content: string; status: 'pending' | 'in_progress' | 'completed'; activeForm?: string | undefined }[]
  }>()
  expectTypeOf<AskUserQuestionInput['questions'][number]>().toEqualTypeOf<{
    question: string
    header?: string | undefined
    options: { label: string; description?: string | undefined }[]
    multiSelect?: boolean | undefined
  }>()
})
