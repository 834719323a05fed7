import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBody } from './to-body.ts'

const high = '\ud83d'
const low = '\ude00'

describe('a body', () => {
  it.each([
    ['the model\u2019s own input', { input: { path: `a${high}` } }, { input: { path: 'a\ufffd' } }],
    ['a key', { [`a${low}`]: 1 }, { 'a\ufffd': 1 }],
    ['user text', { text: `${low}${high}` }, { text: '\ufffd\ufffd' }],
    ['a document', [{ source: { data: `${high}x${low}` } }], [{ source: { data: '\ufffdx\ufffd' } }]],
  ])('has no half surrogate in %s', (_, given, sent) => {
    expect(JSON.parse(toBody(given) as string)).toEqual(sent)
  })

  it('keeps whole pairs, and backslashes before what looks like the escape of a half', () => {
    const text = `${high}${low} \\ud83d \\\\ud83d \\\\\\ud83d "\\" \n`
    expect(JSON.parse(toBody({ text }) as string)).toEqual({ text })
  })

  it('is the JSON of what was given with well-formed text, whatever was given', () => {
    const unit = fc.constantFrom(high, low, '\\', 'u', 'd', '8', '3', '"', '\n', 'é')
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = units.join('') as string & { toWellFormed(): string }
        expect(JSON.parse(toBody({ [text]: text }) as string)).toEqual({ [text.toWellFormed()]: text.toWellFormed() })
      }),
    )
  })

  it('may be a form, or nothing', () => {
    const form = new FormData()
    expect(toBody(form)).toBe(form)
    expect(toBody(undefined)).toBeUndefined()
  })
})
