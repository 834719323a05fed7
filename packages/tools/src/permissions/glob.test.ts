import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fitsGlob, parseGlob } from './glob.ts'

/** What each sign stands for in a regular expression: a second reading of globs, by an engine that is not ours. */
const meanings: Record<string, string> = {
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
  '.': '\\.',
  '{': '(',
  ',': '|',
  '}': ')',
}

function toRegExp(glob: string): RegExp {
  const source = glob.replace(/(\/\*\*)+$|(\*\*\/)+|\*\*|[*?.{},]/g, (sign) => {
    if (sign.startsWith('/**')) return '(/.*)?'
    return sign.startsWith('**/') ? '(.*/)?' : meanings[sign]!
  })
  return new RegExp(`^${source}$`, 's')
}

const name = fc.stringMatching(/^[ab.?]{0,2}\*?[ab.?]{1,2}$/)
const choice = fc.array(fc.oneof(name, fc.constantFrom('', 'a/b', '**', 'a/**/b', '{a,b}')), {
  minLength: 1,
  maxLength: 3,
})
const segment = fc.oneof(
  name,
  fc.constantFrom('*', '**', '**'),
  choice.map((names) => `{${names}}`),
)
const glob = fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => `/${segments.join('/')}`)
const path = fc.array(fc.stringMatching(/^[ab.{},*?|]{1,3}$/), { maxLength: 6 }).map((names) => `/${names.join('/')}`)

it('means what the expression for it means', () => {
  const seen = new Set<boolean>()
  fc.assert(
    fc.property(glob, path, (glob, path) => {
      const expected = toRegExp(glob).test(path)
      seen.add(expected)
      expect(fitsGlob(parseGlob(glob)!, path)).toBe(expected)
    }),
    { numRuns: 20_000 },
  )
  expect(seen.size).toBe(2)
})

it.each(['{', '}', 'a}{b', '{a', 'a{b{c}', '{a,b}}'])('braces that do not fit together are no glob: %s', (glob) => {
  expect(parseGlob(glob)).toBeUndefined()
})

it.each(['^', '$', '(a|b)', '[ab]', '\\d', '!a', '@(a)', ',', 'a,b', '+', '.'])('%s is what it says', (text) => {
  expect(fitsGlob(parseGlob(text)!, text)).toBe(true)
  expect(fitsGlob(parseGlob(text)!, 'a')).toBe(false)
})

it('nothing is special in the folder that a glob begins in', () => {
  expect(fitsGlob(parseGlob('/*', '/{a,*}')!, '/{a,*}/b')).toBe(true)
  expect(fitsGlob(parseGlob('/*', '/{a,*}')!, '/a/b')).toBe(false)
})
