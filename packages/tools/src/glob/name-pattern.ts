/** Says whether a name, or a part of a path between slashes, is like a pattern. */
export type NameTest = (name: string) => boolean

/** How a pattern of a name is read. */
export interface NameReading {
  /** Brackets are taken for what they are as well, since folders are named with them: `[id]`. */
  literalBrackets?: boolean | undefined
  /** As git reads it: what is not complete, a bracket or a backslash at the end, fits nothing. Else it stands for itself. */
  strict?: boolean | undefined
}

/** One character of a name: `undefined` for any number of any. */
type Unit = string | ((character: string) => boolean) | undefined

const anything: Unit = () => true

/**
 * Reads the pattern of a name: `*` for any text, `?` for one character, `[a-z]`, `[!a]` and `[^a]` for one of some, a
 * backslash for what follows as it is.
 *
 * The time that a test takes is at most one length times the other: when a character does not fit, only the last `*` takes
 * one more, since whatever stands before it has found its first place, and no later one could do better.
 */
export function toNameTest(pattern: string, reading: NameReading = {}): NameTest {
  const units = toUnits(pattern, reading)
  if (!units) return () => false
  const test = toTest(units)
  if (!reading.literalBrackets || !pattern.includes('[')) return test
  const literal = toTest(toUnits(pattern, reading, true)!)
  return (name) => test(name) || literal(name)
}

/** Is a bracket or a backslash in it without what belongs to it? */
export function isIncomplete(pattern: string): boolean {
  return !toUnits(pattern, { strict: true })
}

function toUnits(pattern: string, { strict }: NameReading, literalBrackets = false): Unit[] | undefined {
  const characters = [...pattern]
  const units: Unit[] = []
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!
    if (character === '*') {
      if (units.at(-1) !== undefined || !units.length) units.push(undefined)
    } else if (character === '?') units.push(anything)
    else if (character === '\\') {
      if (strict && at === characters.length - 1) return
      units.push(characters[++at] ?? '\\')
    } else if (character === '[' && !literalBrackets) {
      const found = toClass(characters, at + 1)
      if (!found && strict) return
      units.push(found?.test ?? '[')
      at = found?.end ?? at
    } else units.push(character)
  }
  return units
}

/** The usual patterns need no search. */
function toTest(units: readonly Unit[]): NameTest {
  const isText = (some: readonly Unit[]) => some.every((unit) => typeof unit === 'string')
  const text = units.join('')
  if (isText(units)) return (name) => name === text
  const star = units.indexOf(undefined)
  const [before, after] = [units.slice(0, star), units.slice(star + 1)]
  if (star < 0 || !isText(before) || !isText(after)) return (name) => fits(units, [...name])
  const [start, end] = [before.join(''), after.join('')]
  return (name) => name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end)
}

function fits(units: readonly Unit[], name: readonly string[]): boolean {
  let [unit, at] = [0, 0]
  let [star, taken] = [-1, 0]
  while (at < name.length) {
    const wanted = units[unit]
    if (unit < units.length && wanted === undefined) [star, taken, unit] = [unit, at, unit + 1]
    else if (unit < units.length && (typeof wanted === 'string' ? wanted === name[at] : wanted!(name[at]!))) {
      unit++
      at++
    } else if (star < 0) return false
    else [unit, at] = [star + 1, ++taken]
  }
  return units.slice(unit).every((left) => left === undefined)
}

const named: { readonly [name: string]: RegExp } = {
  alnum: /[a-z\d]/i,
  alpha: /[a-z]/i,
  blank: /[ \t]/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  cntrl: /[\0-\x1f\x7f]/,
  digit: /\d/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t-\r ]/,
  upper: /[A-Z]/,
  xdigit: /[\da-f]/i,
}

/** @see POSIX.1-2017, Shell & Utilities, 2.13.1 */
function toClass(pattern: readonly string[], start: number): { test: Unit; end: number } | undefined {
  const isNot = pattern[start] === '!' || pattern[start] === '^'
  const tests: ((character: string) => boolean)[] = []
  const first = isNot ? start + 1 : start
  for (let at = first; at < pattern.length; at++) {
    if (pattern[at] === ']' && at > first) {
      return { test: (character) => tests.some((test) => test(character)) !== isNot, end: at }
    }
    const [, name = ''] = /^\[:([a-z]*):\]/.exec(pattern.slice(at, at + 12).join('')) ?? []
    const kind = Object.hasOwn(named, name) ? named[name] : undefined
    if (kind) {
      tests.push((character) => kind.test(character))
      at += name.length + 3
      continue
    }
    const low = pattern[at] === '\\' ? pattern[++at] : pattern[at]
    if (low === undefined) return
    let high = low
    if (pattern[at + 1] === '-' && pattern[at + 2] !== undefined && pattern[at + 2] !== ']') {
      at += 2
      high = (pattern[at] === '\\' ? pattern[++at] : pattern[at]) ?? ''
    }
    tests.push((character) => character >= low && character <= high)
  }
  return
}
