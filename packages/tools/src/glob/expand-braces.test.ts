import { execFileSync, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expandBraces } from './expand-braces.ts'

it.runIf(spawnSync('bash', ['--version']).status === 0)('writes braces out as bash does', () => {
  const { pattern } = fc.letrec<{ pattern: string; part: string; group: string }>((tie) => ({
    pattern: fc.array(tie('part'), { maxLength: 3 }).map((parts) => parts.join('')),
    part: fc.oneof({ depthSize: 'small' }, fc.constantFrom('a', 'b', '/', '\\{', '\\,', '\\}'), tie('group')),
    group: fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }).map((choices) => `{${choices.join(',')}}`),
  }))
  const patterns = fc.sample(pattern, 300).filter((one) => one && !isTooMuch(one))
  const script = patterns.map((one) => `printf '<%s>' ${one}; echo`).join('\n')
  const expected = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n')
  const written = patterns.map((one) => {
    const texts = expandBraces(one).map((text) => text.replace(/\\(.)/g, '$1'))
    // A shell has no use for empty words.
    return `<${texts.filter(Boolean).join('><')}>`
  })
  expect(written).toEqual(expected)
})

it('leaves alone what is no pair of braces with a comma', () => {
  for (const one of ['', '{}', '{a}', '{a', 'a}', '{a,b', '}{', '\\{a,b}', '{a\\,b}', '{1..3}', 'a,b']) {
    expect(expandBraces(one)).toEqual([one])
  }
  expect(expandBraces('{{a,b}')).toEqual(['{a', '{b'])
  expect(expandBraces('{{a},}')).toEqual(['{a}', ''])
})

it('writes out a hundred texts and no more, whatever it is given', () => {
  expect(expandBraces('{,1,2,3,4,5,6,7,8,9}{,1,2,3,4,5,6,7,8,9}')).toHaveLength(100)
  for (const many of ['{a,b}'.repeat(7), '{a,b}'.repeat(160), `${'{a,'.repeat(101)}a${'}'.repeat(101)}`]) {
    expect(isTooMuch(many)).toBe(true)
  }
  expect(expandBraces('{'.repeat(1_000))).toHaveLength(1)
})

function isTooMuch(pattern: string): boolean {
  try {
    expandBraces(pattern)
    return false
  } catch (error) {
    expect((error as Error).message).toContain('at most 100')
    return true
  }
}
