import type * as official from '@anthropic-ai/sdk/resources/messages/messages'
import { expectTypeOf, test } from 'vitest'
import type { ContentBlockDelta, MessageDeltaUsage, PingEvent, StreamEvent } from '../index.ts'

type Arm<T, U> = U extends { type: T } ? U : never
// The official types leave pings out, since that client drops them before they reach the caller.
type Event = Exclude<StreamEvent, PingEvent>

test('every stream event agrees, with the same fields', () => {
  expectTypeOf<{ [T in Event['type']]: keyof Arm<T, Event> }>().toEqualTypeOf<{
    [T in official.RawMessageStreamEvent['type']]: keyof Arm<T, official.RawMessageStreamEvent>
  }>()
  expectTypeOf<official.RawMessageStreamEvent>().toExtend<Event>()
  expectTypeOf<Event>().toExtend<official.RawMessageStreamEvent>()
})

test('every delta agrees, with the same fields', () => {
  expectTypeOf<{ [T in ContentBlockDelta['type']]: keyof Arm<T, ContentBlockDelta> }>().toEqualTypeOf<{
    [T in official.RawContentBlockDelta['type']]: keyof Arm<T, official.RawContentBlockDelta>
  }>()
  expectTypeOf<official.RawContentBlockDelta>().toExtend<ContentBlockDelta>()
  expectTypeOf<ContentBlockDelta>().toExtend<official.RawContentBlockDelta>()
})

test('the usage of a message_delta agrees in every field', () => {
  expectTypeOf<MessageDeltaUsage>().toEqualTypeOf<official.MessageDeltaUsage>()
})
