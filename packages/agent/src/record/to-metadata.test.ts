import { expect, it } from 'vitest'
import { buildJournal, toolUse } from '../../test/journal-builder.ts'
import type { FrozenParams } from '../index.ts'
import { toMetadata } from './to-metadata.ts'

const read = toolUse('toolu_1', 'Read', { file_path: 'a.txt' })
const search = toolUse('toolu_2', 'mcp__docs__search', { query: 'x' })

function journal() {
  return buildJournal({
    title: 'A look',
    frozen: { mcp_servers: [{ type: 'url', name: 'docs', url: 'https://docs.local/mcp' }] } as Partial<FrozenParams>,
  })
    .prompt('What is in it?')
    .reply([read, search], 1_500, { input_tokens: 70, output_tokens: 200, cache_creation_input_tokens: 1_784 })
    .call(read, 'one', 250)
    .call(search, 'no', 1_250, true)
    .reply(['One line.'], 1_000, { input_tokens: 6, output_tokens: 40, cache_read_input_tokens: 42_983 })
    .turn()
}

it('the metadata of a run have these names', () => {
  expect(toMetadata(journal().entries)).toEqual({
    session_id: 'c0ffee00-1234',
    title: 'A look',
    model: 'claude-sonnet-5-5',
    status: 'completed',
    cost_usd: 0.0113103,
    duration_s: 4,
    num_turns: 2,
    num_prompts: 1,
    input_tokens: 76,
    cache_creation_input_tokens: 1_784,
    cache_read_input_tokens: 42_983,
    output_tokens: 240,
    total_tokens: 45_083,
    tools: [
      { name: 'Read', hostname: null, port: null, node_id: null, calls: 1, errors: 0, duration_s: 0.25 },
      { name: 'Bash', hostname: null, port: null, node_id: null, calls: 0, errors: 0, duration_s: 0 },
      { name: 'Task', hostname: null, port: null, node_id: null, calls: 0, errors: 0, duration_s: 0 },
      {
        name: 'mcp__docs__search',
        hostname: 'docs.local',
        port: 443,
        node_id: null,
        calls: 1,
        errors: 1,
        duration_s: 1.25,
      },
    ],
    started_at: '2026-11-28T10:00:00.000Z',
    ended_at: '2026-11-28T10:00:04.000Z',
  })
})

it('where tools run is also told by the caller, and by notes', () => {
  const { entries } = journal().add({
    type: 'note',
    name: 'tool_host',
    data: { name: 'Bash', hostname: 'worker-7', port: 8_000, node_id: 'n1' },
  })
  const { tools } = toMetadata(entries, { hosts: { Read: 'files.local:5432', docs: 'http://10.0.0.4:9000/docs/mcp' } })
  expect(tools.map(({ name, hostname, port, node_id }) => [name, hostname, port, node_id])).toEqual([
    ['Read', 'files.local', 5432, null],
    ['Bash', 'worker-7', 8_000, 'n1'],
    ['Task', null, null, null],
    ['mcp__docs__search', '10.0.0.4', 9_000, null],
  ])
})

it('the time that a person took to decide does not count', () => {
  const { entries } = buildJournal()
    .prompt('p')
    .reply([read], 1_000)
    .add({ type: 'pending', id: 'p1', call: read, hash: '', kind: 'approval' })
    .turn('waiting')
    .wait(86_400_000)
    .add({ type: 'decision', id: 'p1', allow: true })
    .call(read, 'x', 500)
    .reply(['Done.'], 1_000)
    .turn()
  expect(toMetadata(entries)).toMatchObject({ duration_s: 2.5, num_turns: 2, num_prompts: 1, status: 'completed' })
})

it('what tools, summaries and broken replies used of models is in it', () => {
  const usage = { input_tokens: 1_000, output_tokens: 0 } as never
  const { entries } = buildJournal()
    .prompt('p')
    .reply([read], 0, { input_tokens: 1_000 })
    .intent(read)
    .add({ type: 'result', id: read.id, content: 'x', isError: false, ms: 1 })
    .add({ type: 'spent', id: read.id, model: 'haiku', usage })
    .turn()
    .add({ type: 'compaction', upTo: 3, summary: 's', usage })
  const { cost_usd, input_tokens } = toMetadata(entries)
  expect([cost_usd, input_tokens]).toEqual([0.0041, 3_000])
})

it('a cost that is not known is none, and that of nothing is 0', () => {
  const unknown = buildJournal().prompt('p').reply(['x'], 0, { input_tokens: 1 }, { model: 'nobody-1' }).entries
  expect(toMetadata(unknown)).toMatchObject({ cost_usd: null, status: 'open' })
  expect(toMetadata(buildJournal().entries)).toMatchObject({ cost_usd: 0, duration_s: 0, status: 'empty' })
  expect(toMetadata([])).toMatchObject({ session_id: '', started_at: null, model: '' })
})
