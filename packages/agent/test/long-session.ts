import type { Entry } from '../src/index.ts'
import { buildJournal, toolUse } from './journal-builder.ts'

const think = (thinking: string) => ({ type: 'thinking', thinking, signature: 's' })
const cached = (fresh: number, read: number, output: number) => ({
  input_tokens: fresh,
  cache_read_input_tokens: read,
  cache_creation_input_tokens: Math.round(read / 9),
  output_tokens: output,
})

/** A session of twelve turns: tools that fail, two sub-agents of which one has one of its own, an approval, a rewind. */
export function longSession(): { entries: Entry[]; children: Record<string, Entry[]> } {
  const task = toolUse('toolu_task', 'Task', {
    description: 'Find the slow query',
    subagent_type: 'general',
    prompt: 'Read the logs of the last day and find the query that is slow.',
  })
  const review = toolUse('toolu_review', 'Task', {
    description: 'Review the plan',
    subagent_type: 'reviewer',
    prompt: 'Is it sound?',
  })
  const edit = toolUse('toolu_edit', 'Edit', {
    file_path: 'src/db/orders.ts',
    old_string: 'select * from orders where state = ?',
    new_string: 'select id, state from orders\nwhere state = ?\n  and created_at > ?',
  })
  const push = toolUse('toolu_push', 'Bash', { command: 'git push origin main', description: 'Publish the fix' })
  const test = toolUse('toolu_test', 'Bash', { command: 'npm test -- src/db' })

  const explorer = buildJournal({
    id: 'child-explorer-1',
    at: '2026-11-28T10:00:08.600Z',
    parent: { id: 'c0ffee00-1234', seq: 40 },
  })
  const deeper = buildJournal({
    id: 'child-deeper-2',
    at: '2026-11-28T10:00:14.000Z',
    frozen: { model: 'claude-haiku-5-5' },
    parent: { id: 'child-explorer-1', seq: 9 },
  })
  const grep = toolUse('toolu_grep', 'Grep', { pattern: 'duration_ms=[0-9]{4,}', path: 'logs' })
  const sub = toolUse('toolu_sub', 'Task', {
    description: 'Count them',
    subagent_type: 'counter',
    prompt: 'How often?',
  })
  explorer
    .prompt('Read the logs of the last day and find the query that is slow.')
    .reply([think('The logs are in logs/.'), grep], 2_100, cached(900, 4_000, 120))
    .call(grep, 'logs/api.log:88: duration_ms=4210 query=orders_by_state', 640)
    .reply(['One query stands out. How often is it slow?', sub], 1_600, cached(300, 6_100, 90))
    .intent(sub, 60)
    .add({ type: 'spawn', id: sub.id, agent: 'counter', session: 'child-deeper-2' })
  deeper
    .prompt('How often?')
    .reply([toolUse('toolu_c', 'Bash', { command: 'grep -c orders_by_state logs/api.log' })], 900, cached(400, 0, 40))
    .call(
      toolUse('toolu_c', 'Bash', { command: 'grep -c orders_by_state logs/api.log' }),
      'grep: logs/api.log: Permission denied',
      80,
      true,
    )
    .reply(['It cannot be counted: permission denied.'], 700, cached(120, 500, 30))
    .turn()
  explorer
    .add(
      { type: 'result', id: sub.id, content: 'It cannot be counted: permission denied.', isError: false, ms: 1_700 },
      1_700,
    )
    .reply(['`orders_by_state` takes 4.2 s.'], 1_200, cached(200, 7_000, 60))
    .turn()

  const tools = ['Read', 'Edit', 'Bash', 'Glob', 'Task'].map((name) => {
    return { name, description: `The tool ${name}.`, input_schema: { type: 'object' as const } }
  })
  const journal = buildJournal({ title: 'Why is the order page slow?', frozen: { tools } })
  journal
    .prompt('The order page takes five seconds. Find out why, and mend it.', 'ada@example.com')
    .reply(
      [
        think('First the code, then the logs. A sub-agent can read the logs meanwhile.'),
        'I look at the code, and have the logs read.',
        toolUse('toolu_read', 'Read', { file_path: 'src/db/orders.ts' }),
        task,
      ],
      4_200,
      { input_tokens: 2_900, cache_creation_input_tokens: 11_400, output_tokens: 410 },
    )
    .intent(toolUse('toolu_read', 'Read', { file_path: 'src/db/orders.ts' }))
    .intent(task)
    .add({ type: 'spawn', id: task.id, agent: 'general', session: 'child-explorer-1' }, 20)
    .result(
      'toolu_read',
      "1\timport { db } from './db.ts'\n2\t\n3\texport const byState = (state: string) =>\n4\t  db.query('select * from orders where state = ?', [state])",
      45,
    )
    .add({ type: 'spent', id: task.id, model: 'claude-sonnet-5-5', usage: cached(1_400, 17_100, 270) as never })
    .add({ type: 'spent', id: task.id, model: 'claude-haiku-5-5', usage: cached(520, 500, 70) as never })
    .add(
      {
        type: 'result',
        id: task.id,
        content: '`orders_by_state` takes 4.2 s: it reads every order there ever was.',
        isError: false,
        ms: 14_000,
      },
      13_700,
    )
    .reply(
      ['The query reads every order since 2019. It needs a bound, and an index.', edit],
      3_100,
      cached(820, 14_300, 380),
    )
    .add({ type: 'checkpoint', path: 'src/db/orders.ts', before: 'sha256-0', after: 'h' }, 10)
    .call(edit, 'Replaced 1 place in src/db/orders.ts.', 35)
    .reply([test], 1_200, cached(310, 15_900, 70))
    .call(
      test,
      'FAIL src/db/orders.test.ts\n  ✗ byState returns old orders, too\n\n    Expected: 3\n    Received: 1\n\n1 failed, 14 passed',
      8_400,
      true,
    )
    .reply(
      [
        think('The test wants old orders, too. The bound must be a parameter.'),
        'A test relies on old orders. I make the bound a parameter.',
        review,
      ],
      3_900,
      cached(400, 17_200, 290),
    )
    .intent(review)
    .add({ type: 'spawn', id: review.id, agent: 'reviewer', session: 'child-unknown' })
    .add(
      {
        type: 'result',
        id: review.id,
        content: 'The sub-agent ended before it had an answer.',
        isError: true,
        ms: 2_000,
      },
      2_000,
    )
    .reply(
      [
        'Done: the order page asks for the last 90 days only.\n\n- `byState(state, since)` takes a bound\n- the callers pass 90 days\n- one migration adds the index',
      ],
      2_600,
      cached(280, 18_800, 260),
    )
    .turn()
    .wait(42_000)
    .prompt('Publish it.')
    .reply(['I push it.', push], 1_500, cached(120, 19_900, 60))
    .add({ type: 'pending', id: 'pending_push', call: push, hash: '', kind: 'approval' })
    .turn('waiting')
    .wait(3_600_000)
    .add({ type: 'decision', id: 'pending_push', allow: true, by: 'grace@example.com', reason: 'after the release' })
    .call(push, 'To example.com:shop.git\n   4f1c2aa..9b7e310  main -> main', 2_900)
    .reply(['Published.'], 900, cached(80, 21_000, 20))
    .turn()
  for (let n = 1; n <= 8; n++) {
    const glob = toolUse(`toolu_glob_${n}`, 'Glob', { pattern: `src/part-${n}/**/*.ts` })
    journal
      .wait(5_000 * n)
      .prompt(
        `And part ${n}: is there a query like it?${n === 3 ? '\n\nIt is the one that the importer uses:\n\n```\nselect * from imports\n```' : ''}`,
      )
      .reply([think(`Part ${n} first.`), glob], 900 + 100 * n, cached(200, 21_000 + 400 * n, 50))
      .call(glob, n === 5 ? 'No such folder: src/part-5' : `src/part-${n}/index.ts`, 120 * n, n === 5)
      .reply(
        [n === 5 ? 'There is no part 5.' : `No, part ${n} asks for single orders only.`],
        800,
        cached(90, 22_000 + 400 * n, 60),
      )
      .turn()
  }
  journal
    .add({
      type: 'compaction',
      upTo: 60,
      summary: 'The order page was slow for an unbounded query; it was bounded and published.',
      usage: cached(26_000, 0, 300) as never,
    })
    .wait(1_000)
    .prompt('Undo the last change, please.')
    .reply(['I cannot'], 700, cached(4_000, 0, 10), { stop_reason: 'max_tokens' })
    .turn('failed', { name: 'OverloadedError', message: '529 overloaded_error: busy' })
    .add({ type: 'rewind', to: journal.entries.length - 4, files: ['src/db/orders.ts'] })
    .prompt('What did it cost?')
    .reply(['Less than a coffee.'], 600, cached(4_100, 0, 12))
  return {
    entries: journal.entries,
    children: { 'child-explorer-1': explorer.entries, 'child-deeper-2': deeper.entries },
  }
}
