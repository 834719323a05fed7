import { describe, expect, it } from 'vitest'
import { buildJournal, toolUse } from '../../../test/journal-builder.ts'
import type { Entry } from '../../index.ts'
import { createLogFormatter } from './create-log-formatter.ts'
import { toLog } from './to-log.ts'

const read = toolUse('toolu_1', 'Read', { file_path: 'a.txt', limit: 3 })
const bash = toolUse('toolu_2', 'Bash', { command: 'npm test' })

/** A turn with a thought, two calls of which one fails, and an answer. */
function turn() {
  return buildJournal()
    .prompt('What is in it?')
    .reply([{ type: 'thinking', thinking: 'I read it first.', signature: 's' }, 'I look.', read, bash], 1_500, {
      input_tokens: 70,
      output_tokens: 200,
      cache_creation_input_tokens: 1_784,
    })
    .call(read, 'one\ntwo')
    .call(bash, '2 failed', 2_000, true)
    .reply(['Two lines.'], 900, { input_tokens: 6, output_tokens: 40, cache_read_input_tokens: 42_983 })
    .turn()
}

const bar = '='.repeat(80)

describe('the log', () => {
  it('of a turn has its prompt, thoughts, calls, results and what it came to', () => {
    expect(toLog(turn().entries)).toBe(`${bar}
[2026-11-28 10:00:00] Prompt #0
${bar}

[User Message]
What is in it?

[Thinking]
I read it first.

[Response]
I look.

[Tool Call: Read]
Args: {"file_path": "a.txt", "limit": 3}

[Tool Call: Bash]
Args: {"command": "npm test"}

[Tool Result]
one
two

[Tool Result (error)]
2 failed

[Response]
Two lines.

[Metadata]
Cost: $0.0113 | Duration: 4.5s | Turns: 2 | Input tokens: 76 | Cache creation: 1784 | Cache read: 42983 | Output tokens: 240
${'-'.repeat(80)}

`)
  })

  it('has, where it is compact, what was asked and answered alone', () => {
    expect(toLog(turn().entries, { all: false })).toBe(`${bar}
[2026-11-28 10:00:00] Prompt #0
${bar}

[User Message]
What is in it?

[Response]
I look.

Two lines.

${'-'.repeat(80)}

`)
  })

  it('is the same whether it is written at once or entry by entry', () => {
    for (const all of [true, false]) {
      const format = createLogFormatter({ all })
      expect(turn().entries.map(format).join('')).toBe(toLog(turn().entries, { all }))
    }
  })

  it('counts the prompts', () => {
    const { entries } = turn().prompt('And now?').reply(['Nothing.']).turn()
    expect(toLog(entries).match(/Prompt #.*/g)).toEqual(['Prompt #0', 'Prompt #1'])
  })

  it('cuts prompts at 500 characters, and none in its middle', () => {
    const { entries } = buildJournal().prompt('😀'.repeat(501)).turn()
    expect(toLog(entries)).toContain(`[User Message]\n${'😀'.repeat(500)}...\n\n`)
    expect(toLog(buildJournal().prompt('😀'.repeat(500)).turn().entries)).toContain(`\n${'😀'.repeat(500)}\n\n`)
  })

  it('cuts arguments and results at 2,000 characters', () => {
    const call = toolUse('toolu_9', 'Write', { content: 'x'.repeat(5_000) })
    const log = toLog(buildJournal().prompt('p').reply([call]).call(call, 'y'.repeat(2_001)).turn().entries)
    expect(log).toContain(`Args: ${`{"content": "${'x'.repeat(5_000)}`.slice(0, 2_000)}\n... [truncated]\n\n`)
    expect(log).toContain(`[Tool Result]\n${'y'.repeat(2_000)}\n... [truncated]\n\n`)
  })

  it('puts a result that was there before the reply was whole behind its call', () => {
    const { entries } = buildJournal().prompt('p').call(read, 'early').reply([read]).reply(['Done.']).turn()
    expect(toLog(entries).match(/^\[\w.*/gm)).toEqual([
      '[2026-11-28 10:00:00] Prompt #0',
      '[User Message]',
      '[Tool Call: Read]',
      '[Tool Result]',
      '[Response]',
      '[Metadata]',
    ])
  })

  it('says why a turn did not end well', () => {
    const failed = buildJournal().prompt('p').turn('failed', { name: 'OverloadedError', message: 'busy' }).entries
    expect(toLog(failed)).toContain(
      '[DEBUG] No events parsed.\n[DEBUG] The turn ended as failed: OverloadedError: busy\n[Metadata]\nDuration: 0.0s | Turns: 0\n',
    )
    const limited = buildJournal().prompt('p').reply([read]).call(read, 'x').turn('turn_limit').entries
    expect(toLog(limited)).toContain('[DEBUG] Reached max_tool_iterations=1\n')
  })

  it('begins anew with what was decided', () => {
    const { entries } = buildJournal()
      .prompt('p')
      .reply([bash])
      .add({ type: 'pending', id: 'pending_1', call: bash, hash: '', kind: 'approval' })
      .turn('waiting')
      .wait(3_600_000)
      .add({ type: 'decision', id: 'pending_1', allow: true, by: 'Ada', reason: 'looks safe' })
      .call(bash, 'ok')
      .reply(['Done.'])
      .turn()
    const log = toLog(entries)
    expect(log).toContain('[DEBUG] Bash waits for approval\n[DEBUG] The turn ended as waiting\n[Metadata]\n')
    expect(log).toContain(`[2026-11-28 11:00:01] Prompt #0 (resumed)\n${bar}\n\n[DEBUG] Allowed by Ada: looks safe\n`)
  })

  it('has the lines of a program that were no events', () => {
    const { entries } = buildJournal()
      .prompt('p')
      .add({ type: 'note', name: 'stderr', data: 'warning: old\nwarning: slow\n' })
      .add({ type: 'note', name: 'unparsed', data: 'x'.repeat(300) })
      .reply(['Done.'])
      .turn()
    expect(toLog(entries)).toContain(
      `[stderr] warning: old\n[stderr] warning: slow\n[UNPARSED] ${'x'.repeat(200)}\n[Response]`,
    )
  })

  it('passes over entries that this release does not know', () => {
    const { entries } = turn()
    const unknown = { ...entries[1]!, type: 'telepathy' } as unknown as Entry
    expect(toLog([...entries.slice(0, 2), unknown, ...entries.slice(2)])).toBe(toLog(entries))
  })

  it('has the tools that the API ran itself', () => {
    const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'rivers' } }
    const found = {
      type: 'web_search_tool_result',
      tool_use_id: 's',
      content: [{ type: 'web_search_result', title: 'The Rhine' }],
    }
    const failed = {
      type: 'web_fetch_tool_result',
      content: { type: 'web_fetch_tool_result_error', error_code: 'unavailable' },
    }
    const log = toLog(buildJournal().prompt('p').reply([search, found, failed]).turn().entries)
    expect(log).toContain(
      '[Tool Call: web_search]\nArgs: {"query": "rivers"}\n\n[Tool Result]\n[web_search_result: The Rhine]\n\n',
    )
    expect(log).toContain('[Tool Result (error)]\n[web_fetch_tool_result_error: unavailable]\n\n')
  })

  it('holds no credential, also where one is cut', () => {
    const key = `sk-ant-api03-${'A'.repeat(90)}`
    const { entries } = buildJournal()
      .prompt(`${'x'.repeat(450)} ${key}`)
      .reply([`Your key is ${key}.`])
      .turn()
    expect(toLog(entries)).not.toContain('AAA')
    expect(toLog(entries)).toContain('Your key is sk-ant-….')
  })

  it('lets nothing act on the terminal that shows it', () => {
    const text = '\x1b[31mred\x1b[0m\x1b[2K \x1b]0;title\x07 \u202egnp.exe a\rb \ud800'
    const log = toLog(buildJournal().prompt(text).reply([text]).call(read, text).turn().entries)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    expect(log).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    expect(log).toContain('red \\x1b]0;title\\x07 \\u{202e}gnp.exe a\\x0db \ufffd\n')
  })

  it('of a result of 10 MB takes no time worth naming', () => {
    const { entries } = buildJournal().prompt('p').reply([read]).call(read, 'z'.repeat(10_000_000)).turn()
    expect(toLog(entries).length).toBeLessThan(5_000)
  })
})
