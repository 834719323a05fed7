import type * as official from '@anthropic-ai/sdk/resources/messages/messages'
import { expectTypeOf, test } from 'vitest'
import type {
  AssistantMessageParam,
  ContentBlockParam,
  MessageParam,
  SystemMessageParam,
  ToolResultContent,
  UserMessageParam,
} from '../index.ts'

type Arm<T, U> = U extends { type: T } ? U : never

test('an official message of a request is one of ours, and ours is an official one', () => {
  expectTypeOf<official.MessageParam>().toExtend<MessageParam>()
  expectTypeOf<MessageParam>().toExtend<official.MessageParam>()
  expectTypeOf<MessageParam['role']>().toEqualTypeOf<official.MessageParam['role']>()
})

test('each role agrees on its own', () => {
  expectTypeOf<official.UserMessageParam>().toExtend<UserMessageParam>()
  expectTypeOf<UserMessageParam>().toExtend<official.UserMessageParam>()
  expectTypeOf<official.AssistantMessageParam>().toExtend<AssistantMessageParam>()
  expectTypeOf<AssistantMessageParam>().toExtend<official.AssistantMessageParam>()
  expectTypeOf<official.SystemMessageParam>().toExtend<SystemMessageParam>()
  expectTypeOf<SystemMessageParam>().toExtend<official.SystemMessageParam>()
})

test('every content block of a request agrees, arm by arm, with the same fields', () => {
  type Type = ContentBlockParam['type']
  expectTypeOf<Type>().toEqualTypeOf<official.ContentBlockParam['type']>()
  type Fields = { [T in Type]: keyof Arm<T, ContentBlockParam> }
  type OfficialFields = { [T in Type]: keyof Arm<T, official.ContentBlockParam> }
  expectTypeOf<Fields>().toEqualTypeOf<OfficialFields>()
  type Mutual = {
    [T in Type]: [
      Arm<T, ContentBlockParam> extends Arm<T, official.ContentBlockParam> ? 'ours is theirs' : 'ours is not theirs',
      Arm<T, official.ContentBlockParam> extends Arm<T, ContentBlockParam> ? 'theirs is ours' : 'theirs is not ours',
    ]
  }[Type]
  expectTypeOf<Mutual>().toEqualTypeOf<['ours is theirs', 'theirs is ours']>()
})

test('every part of a tool result agrees, arm by arm, with the same fields', () => {
  type Official = Exclude<NonNullable<official.ToolResultBlockParam['content']>, string>[number]
  type Type = ToolResultContent['type']
  expectTypeOf<Type>().toEqualTypeOf<Official['type']>()
  expectTypeOf<{ [T in Type]: keyof Arm<T, ToolResultContent> }>().toEqualTypeOf<{
    [T in Type]: keyof Arm<T, Official>
  }>()
  expectTypeOf<ToolResultContent>().toExtend<Official>()
  expectTypeOf<Official>().toExtend<ToolResultContent>()
})
