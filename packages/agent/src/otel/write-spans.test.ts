import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base'
import * as conventions from '@opentelemetry/semantic-conventions/incubating'
import { expect, it, onTestFinished } from 'vitest'
import { buildJournal, toolUse } from '../../test/journal-builder.ts'
import { longSession } from '../../test/long-session.ts'
import type { Entry } from '../index.ts'
import { type WriteSpansOptions, writeSpans } from './write-spans.ts'

/** The spans of a session in the order of their beginning, and a name for the parent of each. */
function spansOf(entries: Iterable<Entry>, options: WriteSpansOptions = {}) {
  const spans: ReadableSpan[] = []
  const done = async () => {}
  const processor = {
    onStart: (span: unknown) => void spans.push(span as ReadableSpan),
    onEnd() {},
    forceFlush: done,
    shutdown: done,
  }
  const provider = new BasicTracerProvider({ spanProcessors: [processor] })
  onTestFinished(() => provider.shutdown())
  writeSpans(entries, { tracer: provider.getTracer('test'), ...options })
  const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
  expect(spans.every(({ ended }) => ended)).toBe(true)
  return spans.map((span) => {
    const { name, kind, startTime, duration, attributes, status, parentSpanContext: above } = span
    const links = span.links.map(({ context }) => context.spanId)
    const parent = names.get(above?.spanId ?? '')
    return { id: span.spanContext().spanId, name, kind, startTime, duration, attributes, status, links, parent }
  })
}

const millis = ([seconds, nanos]: [number, number]) => seconds * 1_000 + nanos / 1e6
const read = toolUse('toolu_1', 'Read', { file_path: 'secret.txt' })
const session = () =>
  buildJournal()
    .prompt('p')
    .reply([read], 1_000, { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 5 })
    .call(read, 'private content', 250, true)
    .reply(['private answer'], 500, { input_tokens: 20, output_tokens: 5 })
    .turn()

it('a turn is a span with those of its requests and its calls in it, at the times of the journal', () => {
  const spans = spansOf(session().entries, { agentName: 'reviewer' })
  expect(spans.map(({ name, parent, kind, duration }) => [name, parent, SpanKind[kind], millis(duration)])).toEqual([
    ['invoke_agent reviewer', undefined, 'INTERNAL', 1_750],
    ['chat claude-sonnet-5-5', 'invoke_agent reviewer', 'CLIENT', 1_000],
    ['execute_tool Read', 'invoke_agent reviewer', 'INTERNAL', 250],
    ['chat claude-sonnet-5-5', 'invoke_agent reviewer', 'CLIENT', 500],
  ])
  expect(millis(spans[0]!.startTime)).toBe(Date.parse('2026-11-28T10:00:00.000Z'))
  expect(new Set(spans.map(({ attributes }) => attributes['gen_ai.conversation.id']))).toEqual(
    new Set(['c0ffee00-1234']),
  )
  const onCloud = spansOf(session().entries, { provider: 'aws.bedrock' })
  expect(new Set(onCloud.map(({ attributes }) => attributes['gen_ai.provider.name']))).toEqual(new Set(['aws.bedrock']))
})

it('spans have these attributes and no others', () => {
  const [turn, chat, tool] = spansOf(session().entries, { agentName: 'reviewer' }).map(({ attributes }) => attributes)
  const common = { 'gen_ai.provider.name': 'anthropic', 'gen_ai.conversation.id': 'c0ffee00-1234' }
  expect(turn).toEqual({
    ...common,
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'reviewer',
    'gen_ai.request.model': 'claude-sonnet-5-5',
    'gen_ai.usage.input_tokens': 120,
    'gen_ai.usage.output_tokens': 10,
    'gen_ai.usage.cache_read.input_tokens': 90,
    'gen_ai.usage.cache_creation.input_tokens': 0,
    'enjamb.cost_usd': 0.000169,
    'enjamb.turn.status': 'completed',
  })
  expect(chat).toEqual({
    ...common,
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'claude-sonnet-5-5',
    'gen_ai.request.max_tokens': 32_000,
    'gen_ai.response.id': 'msg_1',
    'gen_ai.response.model': 'claude-sonnet-5-5',
    'gen_ai.response.finish_reasons': ['tool_use'],
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 5,
    'gen_ai.usage.cache_read.input_tokens': 90,
    'gen_ai.usage.cache_creation.input_tokens': 0,
    'enjamb.cost_usd': 0.000079,
  })
  expect(tool).toEqual({
    ...common,
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'Read',
    'gen_ai.tool.call.id': 'toolu_1',
    'gen_ai.tool.type': 'function',
    'error.type': 'tool_error',
  })
})

it('their names are those of the conventions', () => {
  const known = new Set<unknown>(Object.values(conventions))
  const { entries, children } = longSession()
  const names = spansOf(entries, { children, captureContent: true }).flatMap(({ attributes }) =>
    Object.keys(attributes),
  )
  expect([...new Set(names)].filter((name) => !known.has(name))).toEqual(['enjamb.turn.status', 'enjamb.cost_usd'])
})

it('what was said is in them only where that is asked for, without credentials', () => {
  const said = (options?: WriteSpansOptions) =>
    JSON.stringify(spansOf(session().entries, options).map(({ attributes, status }) => [attributes, status]))
  expect(said()).not.toMatch(/private|secret/)
  expect(said({ captureContent: true })).toMatch(/private content.*private answer/)
  const { entries } = buildJournal().prompt('p').reply([read]).call(read, 'sk-ant-api03-abc').turn()
  expect(JSON.stringify(spansOf(entries, { captureContent: true }).map(({ attributes }) => attributes))).not.toContain(
    'abc',
  )
})

it('those of sub-agents stand in those of the calls that began them', () => {
  const { entries, children } = longSession()
  const nested = spansOf(entries, { children }).filter(
    ({ attributes }) => attributes['gen_ai.conversation.id'] !== 'c0ffee00-1234',
  )
  expect(nested.map(({ name, parent }) => [name, parent])).toEqual([
    ['invoke_agent general', 'execute_tool Task'],
    ['chat claude-sonnet-5-5', 'invoke_agent general'],
    ['execute_tool Grep', 'invoke_agent general'],
    ['chat claude-sonnet-5-5', 'invoke_agent general'],
    ['execute_tool Task', 'invoke_agent general'],
    ['invoke_agent counter', 'execute_tool Task'],
    ['chat claude-haiku-5-5', 'invoke_agent counter'],
    ['execute_tool Bash', 'invoke_agent counter'],
    ['chat claude-haiku-5-5', 'invoke_agent counter'],
    ['chat claude-sonnet-5-5', 'invoke_agent general'],
  ])
})

it('a turn that goes on with one that waited has a link to it', () => {
  const { entries } = buildJournal()
    .prompt('p')
    .reply([read])
    .add({ type: 'pending', id: read.id, call: read, hash: '', kind: 'approval' })
    .turn('waiting')
    .wait(60_000)
    .add({ type: 'decision', id: read.id, allow: true })
    .call(read, 'x')
    .turn()
    .prompt('q')
    .reply(['Done.'])
    .turn()
  const turns = spansOf(entries).filter(({ name }) => name === 'invoke_agent')
  expect(turns.map(({ links }) => links)).toEqual([[], [turns[0]!.id], []])
})

it('a turn that failed says with what, and a reply that broke off, too', () => {
  const { entries } = buildJournal()
    .prompt('p')
    .add({ type: 'part', message: { model: 'm', content: [] } as never, why: 'broken off', kept: false })
    .turn('failed', { name: 'OverloadedError', code: 'overloaded', message: 'private' })
  const spans = spansOf(entries)
  expect(spans.map(({ attributes, status }) => [attributes['error.type'], status])).toEqual([
    ['overloaded', { code: SpanStatusCode.ERROR }],
    ['stream_interrupted', { code: SpanStatusCode.ERROR }],
  ])
})

it('only turns behind an entry are written where that is asked for', () => {
  const journal = session()
  const after = journal.entries.length
  journal.prompt('more').reply(['x']).turn()
  expect(spansOf(journal.entries, { after }).map(({ name }) => name)).toEqual([
    'invoke_agent',
    'chat claude-sonnet-5-5',
  ])
})

it('a call that waits has not run, and has none', () => {
  const { entries } = buildJournal()
    .prompt('p')
    .reply([read])
    .add({ type: 'pending', id: read.id, call: read, hash: '', kind: 'approval' })
    .turn('waiting')
  expect(spansOf(entries).map(({ name, status }) => [name, status.code])).toEqual([
    ['invoke_agent', SpanStatusCode.UNSET],
    ['chat claude-sonnet-5-5', SpanStatusCode.UNSET],
  ])
})
