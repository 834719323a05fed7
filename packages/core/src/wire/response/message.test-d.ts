import type * as official from '@anthropic-ai/sdk/resources/messages/messages'
import { expectTypeOf, test } from 'vitest'
import type {
  ContentBlock,
  ContentBlockParam,
  Message,
  MessageParam,
  StopReason,
  ToolUseBlock,
  Usage,
} from '../index.ts'

test('an official message is one of ours, and ours is an official one', () => {
  expectTypeOf<official.Message>().toExtend<Message>()
  expectTypeOf<Message>().toExtend<official.Message>()
  expectTypeOf<keyof Message>().toEqualTypeOf<keyof official.Message>()
})

test('usage agrees in every field', () => {
  expectTypeOf<Usage>().toEqualTypeOf<official.Usage>()
})

test('stop reasons agree', () => {
  expectTypeOf<StopReason>().toEqualTypeOf<official.StopReason>()
  expectTypeOf<Message['stop_details']>().toEqualTypeOf<official.Message['stop_details']>()
})

test('every content block of the official union has an arm of the same name and fields in ours', () => {
  expectTypeOf<ContentBlock['type']>().toEqualTypeOf<official.ContentBlock['type']>()
  type Arm<T, U> = U extends { type: T } ? U : never
  type Fields = { [T in ContentBlock['type']]: keyof Arm<T, ContentBlock> }
  type OfficialFields = { [T in ContentBlock['type']]: keyof Arm<T, official.ContentBlock> }
  expectTypeOf<Fields>().toEqualTypeOf<OfficialFields>()
  type Mutual = {
    [T in ContentBlock['type']]: [
      Arm<T, ContentBlock> extends Arm<T, official.ContentBlock> ? 'ours is theirs' : 'ours is not theirs',
      Arm<T, official.ContentBlock> extends Arm<T, ContentBlock> ? 'theirs is ours' : 'theirs is not ours',
    ]
  }[ContentBlock['type']]
  expectTypeOf<Mutual>().toEqualTypeOf<['ours is theirs', 'theirs is ours']>()
})

test('a tool use of the browser or computer toolset is a tool use', () => {
  expectTypeOf<official.ToolsetToolUseBlock>().toExtend<ToolUseBlock>()
  expectTypeOf<ToolUseBlock>().toExtend<official.ToolsetToolUseBlock>()
})

test('an answer can be sent back as it came', () => {
  expectTypeOf<ContentBlock>().toExtend<ContentBlockParam>()
  expectTypeOf<Pick<Message, 'role' | 'content'>>().toExtend<MessageParam>()
})
