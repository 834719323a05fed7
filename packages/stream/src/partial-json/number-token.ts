import type { Token } from './token.ts'

// The grammar of RFC 8259, section 6, as a table: what a number ends with so far (nothing, a minus, a leading zero, an
// integer, a point, a fraction, an `e`, its sign, its digits) is a row, a further character a column; 0 leads nowhere.
const columns = '01.eE-+'
const table = ['2300010', '2300000', '0046600', '3346600', '5500000', '5506600', '8800077', '8800000', '8800000']
const minus = '1'
const fraction = '5'
const exponentDigits = '8'
const whole = '2358'

// 767 digits decide which double is nearest; of all further ones it only matters whether any is not zero.
const maxDigits = 800

/**
 * Reads a number, of which it keeps a bounded part: `value` costs the same at any length, so reading it after each push
 * stays linear, and it is the double that `JSON.parse` makes of the whole text.
 */
export function createNumberToken(): Token {
  let state = '0'
  let sign = ''
  let digits = ''
  let rest = ''
  let scale = 0
  let exponentSign = 1
  let exponent = 0

  function addDigit(c: string): void {
    if (state === exponentDigits) {
      // Bounded far beyond what `scale` could bring back into range, and still exact.
      exponent = Math.min(exponent * 10 + +c, 1e15)
      return
    }
    if (state === fraction) scale--
    if (digits.length < maxDigits) digits += digits || c !== '0' ? c : ''
    else {
      scale++
      if (c !== '0') rest = '1'
    }
  }

  function accept(c: string): boolean {
    const digit = c >= '0' && c <= '9'
    const next = table[+state]![columns.indexOf(digit && c > '0' ? '1' : c)] ?? '0'
    if (next === '0') return false
    state = next
    if (digit) addDigit(c)
    else if (state === minus) sign = c
    else if (c === '-') exponentSign = -1
    return true
  }

  const token = {
    get value() {
      return Number(`${sign}${digits || 0}.${rest}e${scale + exponentSign * exponent}`)
    },
    get valid() {
      return whole.includes(state)
    },
    closed: false,
    read(text: string, at: number) {
      while (at < text.length && accept(text.charAt(at))) at++
      token.closed = at < text.length && token.valid
      return at
    },
  }
  return token
}
