import { expect, it } from 'vitest'
import { buildJournal, toolUse } from '../../../test/journal-builder.ts'
import type { Entry } from '../../index.ts'
import { readRun } from './read-run.ts'

const read = toolUse('toolu_1', 'Read')
const bash = toolUse('toolu_2', 'Bash')

/** The steps of each turn, with their times in milliseconds from the journal's beginning. */
function stepsOf(entries: readonly Entry[]) {
  const run = readRun(entries)
  return run.turns.map(({ steps }) =>
    steps.map((step) => {
      const name = step.kind === 'call' ? step.name : step.kind === 'event' ? step.entry.type : step.kind
      return [name, step.startedAt - run.startedAt, step.endedAt - run.startedAt]
    }),
  )
}

it('a reply began when all before it was there, and stands before the tools that began while it was written', () => {
  const { entries } = buildJournal()
    .prompt('p')
    .wait(600)
    .intent(read)
    .result(read.id, 'x', 100)
    .reply([read, bash], 300)
    .intent(bash)
    .result(bash.id, 'y', 2_000)
    .reply(['Done.'], 500)
    .turn()
  expect(stepsOf(entries)).toEqual([
    [
      ['prompt', 0, 0],
      ['reply', 0, 1_000],
      ['Read', 600, 700],
      ['Bash', 1_000, 3_000],
      ['reply', 3_000, 3_500],
    ],
  ])
})

it('a call that waited for somebody ran in the turn that their decision began', () => {
  const { entries } = buildJournal()
    .prompt('p')
    .reply([bash], 1_000)
    .add({ type: 'pending', id: bash.id, call: bash, hash: '', kind: 'approval' })
    .turn('waiting')
    .wait(60_000)
    .add({ type: 'decision', id: bash.id, allow: true })
    .call(bash, 'y', 500)
    .turn()
  expect(stepsOf(entries)).toEqual([
    [
      ['prompt', 0, 0],
      ['reply', 0, 1_000],
      ['pending', 1_000, 1_000],
    ],
    [
      ['decision', 61_000, 61_000],
      ['Bash', 61_000, 61_500],
    ],
  ])
  expect(readRun(entries).turns.map(({ prompt, isResumed, status }) => [prompt, isResumed, status])).toEqual([
    [0, false, 'waiting'],
    [0, true, 'completed'],
  ])
})

it('a call that another process took up has the time of its work, not of its absence', () => {
  const { entries } = buildJournal()
    .prompt('p')
    .reply([bash], 0)
    .intent(bash)
    .wait(3_600_000)
    .add({ type: 'result', id: bash.id, content: 'y', isError: false, ms: 250 })
  expect(stepsOf(entries)[0]?.at(-1)).toEqual(['Bash', 3_599_750, 3_600_000])
  expect(readRun(entries).status).toBe('open')
})

it('what a rewind took back is known, and what happened between turns belongs to the one before', () => {
  const journal = buildJournal().prompt('one').reply(['1']).turn()
  const to = journal.entries.length
  const { entries } = journal.prompt('two').turn().add({ type: 'rewind', to, files: [] }).prompt('three')
  const { turns } = readRun(entries)
  expect(turns.map(({ steps }) => steps.map(({ isUndone }) => isUndone))).toEqual([
    [false, false],
    [true, false],
    [false],
  ])
  expect(turns[1]?.steps.at(-1)).toMatchObject({ kind: 'event', text: `Went back to entry ${to}` })
})

it('an entry whose time cannot be read has that of the one before', () => {
  const { entries } = buildJournal().prompt('p').reply(['x'], 1_000)
  expect(stepsOf([...entries, { ...entries[2]!, seq: 9, at: 'soon' }])[0]?.at(-1)).toEqual(['reply', 1_000, 1_000])
})

it('a thousand replies in a turn are read at once', () => {
  const journal = buildJournal().prompt('p')
  for (let n = 0; n < 5_000; n++) journal.reply([toolUse(`t${n}`, 'Read')], 1).call(toolUse(`t${n}`, 'Read'), 'x', 1)
  expect(readRun(journal.entries).turns[0]?.steps).toHaveLength(10_001)
})
