import type { Token } from './token.ts'

// The grammar of RFC 8259, section 6, as a table: what a number ends with so far (nothing, a minus, a leading zero, an
// integer, a point, a fraction, an `e`, its sign, its digits) is a row, a further character a column; 0 leads nowhere.
const columns = '01.eE-+'
const table = ['2300010', '2300000', '0046600', '3346600', '5500000', '5506600', '8800077', '8800000', '8800000']
const minus = '1'
const fraction = '5'
const exponentSign = '7'
const exponentDigits = '8'
const mantissa = '235'

// 767 digits decide which double is nearest; of all further ones it only matters whether any is not zero.
const maxDigits = 800

/** A number is whole, as far as one can tell, when it ends with digits: `12`, which may still become `120`. */
export interface NumberToken extends Token {
  readonly valid: boolean
}

/**
 * Reads a number, of which it keeps a bounded part: `value` costs the same at any length, so reading it after each push
 * stays linear, and it is the double that `JSON.parse` makes of the whole text.
 */
export function createNumberToken(): NumberToken {
  let state: string
  let sign: string
  let digits: string
  let rest: string
  let scale: number
  let direction: string
  let exponent: number

  /** Takes characters that all led to the present state. */
  function take(run: string): void {
    if (state === minus) sign += run
    else if (state === exponentSign) direction += run
    // Bounded far beyond what `scale` could bring back into range, and still exact.
    else if (state === exponentDigits) exponent = Math.min(Number(exponent + run), 1e15)
    else if (mantissa.includes(state)) {
      if (state === fraction) scale -= run.length
      digits += digits ? run : run.replace(/^0+/, '')
      if (digits.length > maxDigits) {
        scale += digits.length - maxDigits
        if (/[1-9]/.test(digits.slice(maxDigits))) rest = '1'
        digits = digits.slice(0, maxDigits)
      }
    }
  }

  const token = {
    closed: false,
    get value() {
      return Number(`${sign}${digits || 0}.${rest}e${scale + Number(`${direction}${exponent}`)}`)
    },
    get valid() {
      return (mantissa + exponentDigits).includes(state)
    },
    start() {
      state = '0'
      sign = digits = rest = direction = ''
      scale = exponent = 0
      token.closed = false
    },
    read(text: string, at: number) {
      let from = at
      for (; at < text.length; at++) {
        const c = text.charAt(at)
        const next = table[+state]![columns.indexOf(c > '1' && c <= '9' ? '1' : c)] ?? '0'
        if (next === '0') break
        if (next !== state) {
          take(text.slice(from, at))
          from = at
          state = next
        }
      }
      take(text.slice(from, at))
      token.closed = at < text.length && token.valid
      return at
    },
  }
  return token
}
