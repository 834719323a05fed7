import { execFileSync, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workFolder } from '../../test/work-folder.ts'
import { parseIgnoreRules } from './ignore-rules.ts'

const unit = fc.constantFrom(
  'a',
  'b',
  'A',
  '*',
  '**',
  '?',
  '[ab]',
  '[!a]',
  '[^b]',
  '[[:upper:]]',
  '[',
  '\\a',
  '\\',
  '.',
  ' ',
  '/',
  '!',
  '#',
  '***',
)
const rule = fc
  .array(unit, { minLength: 1, maxLength: 7 })
  .map((units) => units.join(''))
  // What git makes of a slash between brackets, of one with a backslash behind stars, and of two stars in a name that
  // begins otherwise, whose beginning it has compared and forgotten by then, nobody means.
  .filter((line) => !/\[[^\]]*\/|\*\\+\/|[^/*]\*\*/.test(line))
const path = fc
  .stringMatching(/^[abA. #!]{1,2}(\/[abA. ]{1,2}){0,3}$/)
  .filter((one) => !/(^|\/)\.{1,2}(\/|$)|^ | $/.test(one))

it.runIf(spawnSync('git', ['--version']).status === 0)('decides about files as git does', () => {
  const { cwd, write } = workFolder()
  execFileSync('git', ['init', '-q', '--template=', '.'], { cwd })
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(path, { minLength: 30, maxLength: 60 }),
      (lines, paths) => {
        write('.gitignore', lines.join('\n'))
        const { stdout } = spawnSync('git', ['check-ignore', '--no-index', '-z', '--stdin'], {
          cwd,
          input: paths.join('\0'),
        })
        const expected = stdout.toString().split('\0').filter(Boolean)
        const rules = parseIgnoreRules(lines)
        const isOut = (names: string[]): boolean => {
          for (let depth = 1; depth < names.length; depth++) if (rules.decide(names.slice(0, depth), true)) return true
          return !!rules.decide(names, false)
        }
        expect(paths.filter((one) => isOut(one.split('/')))).toEqual(expected)
      },
    ),
    { numRuns: 60 },
  )
})

describe('rules', () => {
  it('that name files as they are count in the order of all others', () => {
    const rules = parseIgnoreRules(['a', '!*', 'b', '!b/', '*.log', '!c.log'])
    expect(rules.decide(['a'], false)).toBe(false)
    expect(rules.decide(['b'], false)).toBe(true)
    expect(rules.decide(['b'], true)).toBe(false)
    expect(rules.decide(['x', 'c.log'], false)).toBe(false)
    expect(rules.decide(['x', 'd.log'], false)).toBe(true)
  })

  it('ignore case if asked', () => {
    expect(parseIgnoreRules(['*.LOG'], true).decide(['a.Log'], false)).toBe(true)
    expect(parseIgnoreRules(['*.LOG']).decide(['a.log'], false)).toBeUndefined()
  })

  it('take no longer for being made to, nor for spaces without end', () => {
    const lines = [`${'*a'.repeat(10_000)}b`, `a${' '.repeat(1_000_000)}b`, `a${'\\ '.repeat(300_000)}`]
    expect(parseIgnoreRules(lines).decide(['a'.repeat(255)], false)).toBeUndefined()
  })
})
