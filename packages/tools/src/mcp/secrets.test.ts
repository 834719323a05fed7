import { expect, it } from 'vitest'
import { createSecrets } from './secrets.ts'

const env = (...values: string[]) => ({ command: 'x', env: Object.fromEntries(Object.entries(values)) })

it.each([
  ['a value of the environment', env('abcdef'), 'no abcdef, abcdef', 'no …, …'],
  ['what stands after a scheme', { url: 'http://x', headers: { a: 'Bearer abcdef' } }, 'no abcdef', 'no …'],
  ['the query of a URL, as it is and decoded', { url: 'http://x/?k=a%2Bb%2Bc%2B' }, 'a+b+c+ a%2Bb%2Bc%2B', '… …'],
  ['the user and the password of a URL', { url: 'http://someone:abcdef@x' }, 'someone:abcdef', '…:…'],
  ['one with quotes, as JSON has it', env('ab"cd\\ef'), '{"a":"ab\\"cd\\\\ef"}', '{"a":"…"}'],
  ['a long part of a path', { url: 'http://x/s/abcdefghijklmnopqrst/mcp' }, '/s/abcdefghijklmnopqrst/mcp', '/s/…/mcp'],
  [
    'an argument that is one by its name',
    { command: 'x', args: ['--api-key=abcdef', '--token', 'ghijkl', '--dir', '/home/me'] },
    'abcdef ghijkl /home/me',
    '… … /home/me',
  ],
  [
    'a header among arguments',
    { command: 'x', args: ['--header', 'Authorization: Bearer abcdef'] },
    'not abcdef',
    'not …',
  ],
  ['the longer of two first', env('abcdef', 'abcdefghi'), 'abcdefghi abcdef', '… …'],
])('hides %s', (_, server, text, hidden) => {
  expect(createSecrets(server).hide(text)).toBe(hidden)
})

it('leaves short values and all else as they are', () => {
  expect(createSecrets(env('', 'abcde')).hide('It ended: abcde.')).toBe('It ended: abcde.')
  expect(createSecrets({ command: 'x' }).hide('abc')).toBe('abc')
})

it('hides in results what is a credential by its name, and not what a result may be about', () => {
  const { hideNamed } = createSecrets({ command: 'x', env: { API_KEY: 'abcdef', ROOT: '/home/me' } })
  expect(hideNamed('abcdef in /home/me')).toBe('… in /home/me')
})

it('hides what a provider of tokens has given meanwhile, in a bounded number', () => {
  const secrets = createSecrets({ url: 'http://x' })
  for (let index = 10; index < 60; index++) secrets.add(`Bearer token-${index}`)
  expect(secrets.hide('token-59 token-10')).toBe('… token-10')
  expect(secrets.hideNamed('token-59')).toBe('…')
})
