import { expect, it } from 'vitest'
import { secretsHider } from './secrets.ts'

const env = (...values: string[]) => ({ command: 'x', env: Object.fromEntries(Object.entries(values)) })

it.each([
  ['a value of the environment', env('abcdef'), 'no abcdef, abcdef', 'no …, …'],
  ['what stands after a scheme', { url: 'http://x', headers: { a: 'Bearer abcdef' } }, 'no abcdef', 'no …'],
  ['the query of a URL, as it is and decoded', { url: 'http://x/?k=a%2Bb%2Bc%2B' }, 'a+b+c+ a%2Bb%2Bc%2B', '… …'],
  ['the user and the password of a URL', { url: 'http://someone:abcdef@x' }, 'someone:abcdef', '…:…'],
  ['one with quotes, as JSON has it', env('ab"cd\\ef'), '{"a":"ab\\"cd\\\\ef"}', '{"a":"…"}'],
  ['the longer of two first', env('abcdef', 'abcdefghi'), 'abcdefghi abcdef', '… …'],
])('hides %s', (_, server, text, hidden) => {
  expect(secretsHider(server)(text)).toBe(hidden)
})

it('leaves short values and all else as they are', () => {
  expect(secretsHider(env('', 'abcde'))('It ended: abcde.')).toBe('It ended: abcde.')
  expect(secretsHider({ command: 'x' })('abc')).toBe('abc')
})
