import type * as official from '@anthropic-ai/sdk/resources/messages/messages'
import { expectTypeOf, test } from 'vitest'
import type { AdvisorTool, ToolUnion as AnyTool, MCPToolset, ToolChoice, ToolParam } from '../index.ts'

// Those of a β are held to its types beside the request's fields.
type ToolUnion = Exclude<AnyTool, AdvisorTool | MCPToolset>

type Arm<T, U> = U extends { type?: infer Type } ? (T extends Type ? U : never) : never
type TypedTool = Extract<ToolUnion, { type: string }>
type OfficialTypedTool = Extract<official.ToolUnion, { type: string }>

test('a tool of your own agrees in every field', () => {
  expectTypeOf<official.Tool>().toExtend<ToolParam>()
  expectTypeOf<ToolParam>().toExtend<official.Tool>()
  expectTypeOf<keyof ToolParam>().toEqualTypeOf<keyof official.Tool>()
})

test('every tool of the API agrees, version by version, with the same fields', () => {
  expectTypeOf<TypedTool['type']>().toEqualTypeOf<OfficialTypedTool['type']>()
  expectTypeOf<{ [T in TypedTool['type']]: keyof Arm<T, TypedTool> }>().toEqualTypeOf<{
    [T in TypedTool['type']]: keyof Arm<T, OfficialTypedTool>
  }>()
  expectTypeOf<official.ToolUnion>().toExtend<ToolUnion>()
  expectTypeOf<ToolUnion>().toExtend<official.ToolUnion>()
})

test('the members of a toolset agree', () => {
  type Members<T extends string, U> = keyof NonNullable<Extract<U, { type: T; configs?: unknown }>['configs']>
  expectTypeOf<Members<'browser_toolset_20260801', ToolUnion>>().toEqualTypeOf<
    Members<'browser_toolset_20260801', official.ToolUnion>
  >()
  expectTypeOf<Members<'computer_toolset_20260801', ToolUnion>>().toEqualTypeOf<
    Members<'computer_toolset_20260801', official.ToolUnion>
  >()
})

test('tool_choice agrees', () => {
  expectTypeOf<ToolChoice>().toEqualTypeOf<official.ToolChoice>()
})
