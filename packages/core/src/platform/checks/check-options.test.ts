import { describe, expect, it } from 'vitest'
import { ConfigError, checkOptions } from '../../index.ts'

const known = ['timeoutMs', 'maxTurns', 'sandbox']

describe('an option that there is not', () => {
  it.each([
    ['timeout', 'timeoutMs'],
    ['maxturns', 'maxTurns'],
    ['sandBox', 'sandbox'],
    ['snadbox', 'sandbox'],
  ])('is refused with the nearest that there is: %s', (wrong, meant) => {
    const error = new ConfigError(`thing has no option "${wrong}": did you mean ${meant}?`)
    expect(() => checkOptions('thing', { [wrong]: 1 }, known)).toThrow(error)
  })

  it('is refused with all that there are where it is like none of them', () => {
    const error = new ConfigError('thing has no option "colour": there are maxTurns, sandbox, timeoutMs.')
    expect(() => checkOptions('thing', { colour: 'red' }, known)).toThrow(error)
    expect(() => checkOptions('thing', { colour: 'red' }, [])).toThrow(ConfigError)
  })

  it('is not shown beyond a hundred characters', () => {
    const read = () => checkOptions('thing', { ['x'.repeat(100_000)]: 1 }, known)
    expect(read).toThrow(`"${'x'.repeat(100)}"`)
  })
})

it('an option that is undefined is as one that is not given', () => {
  expect(() => checkOptions('thing', { colour: undefined, maxTurns: 1 }, known)).not.toThrow()
})
