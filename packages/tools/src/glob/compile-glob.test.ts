import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileGlob } from './compile-glob.ts'

/** What each sign stands for in a regular expression: a second reading of globs, by an engine that is not ours. */
const meanings: { [sign: string]: string } = { '*': '[^/]*', '?': '[^/]', '.': '\\.', '{': '(', ',': '|', '}': ')' }

function toRegExp(glob: string): RegExp {
  const source = glob.replace(/(\/\*\*)+$|(?<![^/{,])(\*\*\/)+|\*+|[?.{},]/g, (sign) => {
    if (sign.startsWith('/**')) return '(/.*)?'
    return sign.endsWith('/') ? '(.*/)?' : (meanings[sign] ?? '[^/]*')
  })
  return new RegExp(`^${source}$`, 'su')
}

const name = fc.stringMatching(/^[ab.?]{0,2}\*{0,2}[ab.?]{1,2}$/)
const choice = fc.array(fc.oneof(name, fc.constantFrom('a/b', 'a/**/b', '{a,b}')), { minLength: 2, maxLength: 3 })
const segment = fc.oneof(
  name,
  fc.constantFrom('*', '**', '**'),
  choice.map((names) => `{${names}}`),
)
const glob = fc
  .array(segment, { minLength: 1, maxLength: 6 })
  .map((segments) => `/${segments.join('/')}`)
  .filter((text) => (text.match(/,/g)?.length ?? 0) < 6)
const path = fc
  .array(fc.stringMatching(/^[ab.{},*?|ü😀]{1,3}$/u), { maxLength: 6 })
  .map((names) => `/${names.join('/')}`)

it('means what the expression for it means', () => {
  const seen = new Set<boolean>()
  fc.assert(
    fc.property(glob, path, (glob, path) => {
      const expected = toRegExp(glob).test(path)
      seen.add(expected)
      expect(compileGlob(glob).fits(path)).toBe(expected)
    }),
    { numRuns: 20_000 },
  )
  expect(seen.size).toBe(2)
})

describe('a glob', () => {
  it.each<[string, string[], string[]]>([
    ['app/[id]/**', ['app/[id]/page.tsx', 'app/[id]', 'app/i/a', 'app/d/b/c'], ['app/id/a', 'app/x/a']],
    ['[!a]*.ts', ['b.ts', '[!a]x.ts'], ['a.ts', 'ab.ts']],
    ['[^a]', ['b', '[^a]'], ['a']],
    ['[a-c][]x]', ['b]', 'ax'], ['d]', 'ab']],
    ['[[:digit:]]', ['7'], ['a', ':]']],
    ['\\[a', ['[a'], ['a']],
    ['a**b', ['ab', 'axxb'], ['a/b', 'ax/xb']],
    ['**', ['a', 'a/b'], []],
    ['a/**', ['a', 'a/b/c'], ['ab', 'b/a']],
    ['**/a', ['a', 'b/c/a'], ['ba']],
    ['*', ['a', '.a', ''], ['a/b']],
    ['?', ['a', 'ü', '😀'], ['ab', '']],
    ['\\*', ['*'], ['a', '\\*']],
    ['a\\\\', ['a\\'], ['a']],
    ['(auth)/+x', ['(auth)/+x'], ['auth/x']],
    ['{a}', ['{a}'], ['a']],
    ['a,b', ['a,b'], ['a', 'b']],
    ['b*/', ['b/', 'bc/'], ['b', 'bc']],
  ])('%s fits what it says', (glob, fits, others) => {
    const all = [...fits, ...others]
    expect(all.filter((path) => compileGlob(glob).fits(path))).toEqual(fits)
  })

  it.each(['[', 'a[b/c]', '[!]', '[]', 'a\\', '[[:digit:]'])('that is not complete is refused: %s', (glob) => {
    expect(() => compileGlob(glob)).toThrow('not complete')
  })

  it.each([
    ['**/*a*a*/**/*a*a*/**/*a*a*b', Array(8).fill('a'.repeat(250)).join('/')],
    [`${'*a'.repeat(400)}b`, 'a'.repeat(4_000)],
    ['**/a/'.repeat(200), 'a/'.repeat(2_000)],
    ['**/*a/'.repeat(60), `${'a'.repeat(60)}/`.repeat(60)],
    ['[!b]*'.repeat(200), 'a'.repeat(2_000)],
    [`{${Array(50).fill('*a*a*a').join(',')}}b`, 'a'.repeat(4_000)],
  ])('that nearly fits in very many ways takes no longer for it: %#', (glob, path) => {
    expect(compileGlob(`${glob}x`).fits(path)).toBe(false)
  })
})
