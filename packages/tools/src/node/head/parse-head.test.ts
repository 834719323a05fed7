import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { parseHead } from './parse-head.ts'

const oneLine = (text: unknown) => String(text).replace(/\s+/g, ' ').trim()
const description = (head: string) => parseHead(head).get('description')

it('reads whatever text a YAML program writes, as YAML reads it', () => {
  const word = fc.oneof(
    fc.constantFrom(
      ': ',
      '# ',
      ' #',
      '- ',
      "'",
      '"',
      '\\',
      '\n',
      '[',
      '{',
      '&a',
      '*b',
      '!',
      '|',
      '>',
      '%',
      '@',
      '`',
      ',',
      '?',
      '~',
      ' ',
    ),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom('Use', 'when', 'reviewing', 'null', 'true', '12'),
  )
  const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(''))
  fc.assert(
    fc.property(
      text,
      fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_FOLDED', 'BLOCK_LITERAL'),
      (text, type) => {
        // What is no character of YAML, or a line break of its own kind, is written in escapes that nobody writes by hand.
        fc.pre(!/[\p{Cc}\p{Cs}\u2028\u2029\ufeff]/u.test(text.replaceAll('\n', '')) && /\S/.test(text))
        const head = stringify(
          { name: 'a', description: text, license: 'MIT' },
          { defaultStringType: type, lineWidth: 40 },
        )
        expect(oneLine(description(head)?.text)).toBe(oneLine(parse(head).description))
      },
    ),
    { numRuns: 2_000, seed: 1 },
  )
})

describe('a description that YAML would not have', () => {
  it.each([
    ['Use when: reviewing', 'Use when: reviewing'],
    ['Reviews code. Use when: asked: to', 'Reviews code. Use when: asked: to'],
    ['Ends with a colon:', 'Ends with a colon:'],
    ['@mentions people', '@mentions people'],
    ['[beta] Deploys the site', '[beta] Deploys the site'],
    ['Goes on\n  here: and there', 'Goes on here: and there'],
  ])('%j is taken as it was meant, with a warning', (text, meant) => {
    const field = description(`name: a\ndescription: ${text}\n`)
    expect(field?.text).toBe(meant)
    expect(field?.warning).toContain('quotation marks')
  })

  it.each([
    'What it does',
    '"Use when: reviewing"',
    "'It''s: fine'",
    '>\n  Use when: reviewing',
    'See http://a.test # note',
  ])('%j is none', (text) => {
    expect(description(`name: a\ndescription: ${text}\n`)?.warning).toBeUndefined()
  })
})

it('leaves out what is no text, and refuses what is no head', () => {
  expect([...parseHead('a: [1, 2]\nb: {c: d}\nc:\n  - e\nmetadata:\n  version: 1\nd: x').keys()]).toContain('d')
  expect(parseHead('a: [1, 2]\nb: {c: d}\nc:\n  - e').size).toBe(0)
  for (const head of ['- a', 'a: "b', "a: 'b", 'a: 1\na: 2', 'a: &b c', 'just text'])
    expect(() => parseHead(head)).toThrow()
})
