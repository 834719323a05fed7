/** Quoted text without anything in it that a shell expands, what separates commands, plain characters; then all else. */
const shellToken = /'[^']*'|"[^"$`\\]*"|([;&|\n]+)|[^'";&|\n$`\\(){}<>#]|(.)/gs

/** What ends a command for those that only guard. */
const separators = /[;&|\n`$(){}<>]+/

/**
 * Does a command do nothing but what some of the patterns allow? Each of the commands that it is made of must match one;
 * one that holds something only a shell can read (`$`, backquotes, redirections, groups) is not allowed by any.
 *
 * @param patterns `git status` for exactly that, `git log:*` for everything that begins with these words, so with any
 * option, `*` for any text, spaces too
 */
export function allowsCommand(patterns: readonly string[], command: string): boolean {
  const parts = ['']
  for (const [token, separator, other] of command.matchAll(shellToken)) {
    if (other) return false
    if (separator) parts.push('')
    else parts[parts.length - 1] += token
  }
  // Only these two are space to a shell.
  const commands = parts.map((part) => part.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')).filter((part) => part)
  return commands.length > 0 && commands.every((part) => patterns.some((pattern) => isLike(pattern, part)))
}

/**
 * Does any part of a command match the pattern, behind whatever comes before it: quotes, folders, `sudo`, `xargs`, and
 * with options between its words? A guard rail against what a model does by mistake, no wall against what it does by intent.
 */
export function mentionsCommand(pattern: string, command: string): boolean {
  const own = withoutQuotes(pattern)
  // A line that goes on in the next is one.
  const text = command.replaceAll('\\\n', '')
  const parts = separators.test(own) ? [text] : text.split(separators)
  return parts.some((part) => {
    const plain = withoutQuotes(part)
    return isLike(own, plain, true) || isLike(own, plain.replace(/ -\S*/g, ''), true)
  })
}

function withoutQuotes(text: string): string {
  return text
    .replace(/["'\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * Options, each perhaps with a value. No more than a few, so that a long command full of them cannot make the search slow.
 */
const options = '(?: -\\S*(?: [^ -]\\S*)?){0,9}?'

/** With `anywhere` the text may begin before the pattern does, and options may stand between its words. */
function isLike(pattern: string, text: string, anywhere = false): boolean {
  const begins = pattern.endsWith(':*')
  const words = (begins ? pattern.slice(0, -2) : pattern).trim().replace(/\s+/g, ' ')
  const pieces = words.split('*').map((piece) => literal(piece).replaceAll(' ', anywhere ? `${options} ` : ' '))
  // Piece after piece, each where it comes first: one expression for all would try every combination.
  let at = 0
  for (const [index, piece] of pieces.entries()) {
    const start = index ? '' : anywhere ? '(?<![^ /])' : '^'
    const end = index < pieces.length - 1 ? '' : begins ? '(?= |$)' : '$'
    const test = new RegExp(start + piece + end, 'gs')
    test.lastIndex = at
    if (!test.test(text)) return false
    at = test.lastIndex
  }
  return true
}

function literal(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
}
