import { describe, expect, it } from 'vitest'
import * as entry from './index.ts'

const { answerText: _, ...code } = entry

const inputs = Object.fromEntries(Object.values(code).map(({ name, input }) => [name, input]))
const run = (name: string, given: unknown) => inputs[name]!['~standard'].validate(given)
const todo = { content: 'Run the tests', status: 'pending' }

describe('a call that says plainly what it means is taken', () => {
  it.each<[string, string, unknown, unknown]>([
    ['a list as text', 'TodoWrite', { todos: JSON.stringify([todo]) }, { todos: [todo] }],
    ['a list as text with space around it', 'TodoWrite', { todos: `\n ${JSON.stringify([todo])} ` }, { todos: [todo] }],
    ['one where a list of one was asked for', 'TodoWrite', { todos: todo }, { todos: [todo] }],
    ['each of a list as text', 'TodoWrite', { todos: [JSON.stringify(todo)] }, { todos: [todo] }],
    [
      'a name where a list of names was asked for',
      'WebSearch',
      { query: 'a b', allowed_domains: 'nodejs.org' },
      { query: 'a b', allowed_domains: ['nodejs.org'] },
    ],
    [
      'numbers as text',
      'Read',
      { file_path: 'a', offset: '1', limit: ' 20 ' },
      { file_path: 'a', offset: 1, limit: 20 },
    ],
    ['null for what may be left out', 'Read', { file_path: 'a', limit: null, pages: null }, { file_path: 'a' }],
    ['a number where text was asked for', 'Read', { file_path: 'a', pages: 3 }, { file_path: 'a', pages: '3' }],
    [
      'booleans as text',
      'Bash',
      { command: 'ls', run_in_background: 'false' },
      { command: 'ls', run_in_background: false },
    ],
    [
      'booleans as another language writes them',
      'Edit',
      { file_path: 'a', old_string: 'a', new_string: 'b', replace_all: 'True' },
      { file_path: 'a', old_string: 'a', new_string: 'b', replace_all: true },
    ],
    [
      'a choice in capitals',
      'Grep',
      { pattern: 'a', output_mode: 'Content', '-A': '2' },
      { pattern: 'a', output_mode: 'content', '-A': 2 },
    ],
    ['all of it as text', 'Read', '{"file_path":"a"}', { file_path: 'a' }],
    ['fields that there are not', 'Read', { file_path: 'a', purpose: 'to see' }, { file_path: 'a' }],
    ['space around what must not be blank', 'WebSearch', { query: ' what ' }, { query: 'what' }],
  ])('%s', (_, name, given, meant) => {
    expect(run(name, given)).toEqual({ value: meant })
  })

  it('and text stays as it is, whatever it looks like', () => {
    const given = { file_path: 'a.json', content: ' [1, "2", null]\n' }
    expect(run('Write', given)).toEqual({ value: given })
    const edit = { file_path: 'a', old_string: 'false', new_string: ' 1 ' }
    expect(run('Edit', edit)).toEqual({ value: edit })
    const pattern = { pattern: ' 12 ' }
    expect(run('Grep', pattern)).toEqual({ value: pattern })
  })
})

describe('a call that could mean several things is refused', () => {
  it.each<[string, string, unknown]>([
    ['null for what is needed', 'Read', { file_path: null }],
    ['half a list', 'TodoWrite', { todos: '[{' }],
    ['a text that is no list', 'TodoWrite', { todos: 'run the tests' }],
    ['a number that is none', 'Read', { file_path: 'a', offset: 'first' }],
    ['a number that is too long to be exact', 'Read', { file_path: 'a', offset: '9'.repeat(20) }],
    ['nothing for a number', 'Read', { file_path: 'a', offset: '' }],
    ['half a line', 'Read', { file_path: 'a', offset: '1.5' }],
    ['a word for a boolean', 'Edit', { file_path: 'a', old_string: 'a', new_string: 'b', replace_all: 'yes' }],
    ['an object for a text', 'Write', { file_path: 'a', content: {} }],
    ['a number for a content', 'Write', { file_path: 'a', content: 7 }],
    ['a list for a text', 'Write', { file_path: 'a', content: ['a'] }],
    ['a blank query', 'WebSearch', { query: '   ' }],
    ['a list', 'Read', [{ file_path: 'a' }]],
    ['nothing', 'Read', null],
  ])('%s', (_, name, given) => {
    expect(run(name, given)).toHaveProperty('issues.0.message')
  })
})

it('a field named like a prototype stays a field', () => {
  const given = JSON.parse('{"file_path":"a","__proto__":{"offset":5}}')
  expect(run('Read', given)).toEqual({ value: { file_path: 'a' } })
})
