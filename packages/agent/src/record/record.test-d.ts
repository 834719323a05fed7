import type { MessageParam } from '@enjamb/core'
import { expectTypeOf, test } from 'vitest'
import { type AgentOptions, createAgent, type Entry, memoryStore } from '../index.ts'
import { readRecord, replaySession, toHTMLTrace, toLog, toMetadata } from './index.ts'

test('a record is what the page of a session takes', async () => {
  const record = await readRecord(memoryStore(), 's')
  expectTypeOf(record).toEqualTypeOf<{ entries: Entry[]; children: Record<string, Entry[]> }>()
  expectTypeOf(toHTMLTrace(record.entries, { children: record.children })).toBeString()
})

test('entries may come from anything that is iterated', () => {
  expectTypeOf(toLog).parameter(0).toEqualTypeOf<Iterable<Entry>>()
  // @ts-expect-error a store's are to be waited for
  toLog(memoryStore().read('s'))
})

test('a replay has what an agent and its session take', async () => {
  const { options, prompts, left } = replaySession([])
  expectTypeOf(options).toEqualTypeOf<AgentOptions>()
  const session = await createAgent(options).session()
  for (const { content, id } of prompts) session.send(content, { id })
  expectTypeOf(prompts[0]!.content).toExtend<MessageParam['content']>()
  expectTypeOf(left).toBeNumber()
})

test('metadata have names of their own, and say where nothing is known', () => {
  expectTypeOf(toMetadata([]).cost_usd).toEqualTypeOf<number | null>()
  expectTypeOf(toMetadata([]).tools[0]!.hostname).toEqualTypeOf<string | null>()
})
