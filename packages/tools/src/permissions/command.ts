/** Quoted text without anything in it that a shell expands, what separates commands, plain characters; then all else. */
const shellToken = /'[^']*'|"[^"$`\\]*"|([;&|\n]+)|[^'";&|\n$`\\(){}<>#]|(.)/gs

/** What ends a command for those that only guard. */
const separators = /[;&|\n`$(){}<>]+/

/** Stand for a space and a tab between quotes, which end no word: characters that no command has. */
const quotedSpace = '\ue000'
const quotedTab = '\ue001'

/**
 * Does a command do nothing but what some of the patterns allow? Each of the commands that it is made of must match one;
 * one that holds something only a shell can read (`$`, backquotes, redirections, groups) is not allowed by any.
 *
 * @param patterns `git status` for exactly that, `git log:*` for everything that begins with these words, so with any
 * option, `*` for any text, spaces too
 */
export function allowsCommand(patterns: readonly string[], command: string): boolean {
  if (command.includes(quotedSpace) || command.includes(quotedTab)) return false
  const parts = ['']
  for (const [token, separator, other] of maskQuotes(command).matchAll(shellToken)) {
    if (other) return false
    if (separator) parts.push('')
    else parts[parts.length - 1] += token
  }
  // Only these two are space to a shell.
  const commands = parts.map((part) => part.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')).filter((part) => part)
  const masked = patterns.map((pattern) => maskQuotes(pattern))
  return commands.length > 0 && commands.every((part) => masked.some((pattern) => isLike(pattern, part)))
}

/**
 * Does any part of a command match the pattern, behind whatever comes before it: quotes, folders, `sudo`, `xargs`, with
 * options between its words, and with its own options in any order? A guard rail against what a model does by mistake, no
 * wall against what it does by intent.
 */
export function mentionsCommand(pattern: string, command: string): boolean {
  // A line that goes on in the next is one.
  const text = command.replaceAll('\\\n', '')
  // What is between quotes is a word to the shell, and may be a command to whoever it is given to.
  return isMentioned(pattern, text) || isMentioned(maskQuotes(pattern), maskQuotes(text, /[\s;&|<>(){}]/g))
}

function isMentioned(pattern: string, text: string): boolean {
  const own = withoutQuotes(pattern)
  const wanted = optionsOf(own.replace(/:\*$/, ''))
  const bare = wanted.length ? withoutOptions(own) : own
  const parts = separators.test(own) ? [text] : text.split(separators)
  return parts.some((part) => {
    const plain = withoutQuotes(part)
    if (isLike(own, plain, true)) return true
    const given = optionsOf(plain)
    return (
      wanted.every((option) => given.some((one) => isSameOption(option, one))) &&
      isLike(bare, withoutOptions(plain), true)
    )
  })
}

/** @param more what else is no separator between quotes */
function maskQuotes(text: string, more = / /g): string {
  return text.replace(/'[^']*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)|\\./gs, (quoted) =>
    quoted.replaceAll('\t', quotedTab).replace(more, quotedSpace),
  )
}

function withoutQuotes(text: string): string {
  return text
    .replace(/["'\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** The options of a command, one by one: `-rf --all` has `r`, `f` and `all`. */
function optionsOf(command: string): string[] {
  return command.split(' ').flatMap((word) => {
    const [, dashes, name = ''] = /^(--?)([^=*]+)/.exec(word) ?? []
    return dashes === '-' ? [...name] : dashes ? [name] : []
  })
}

function withoutOptions(command: string): string {
  return command.replace(/ -[^\s:]*/g, '')
}

/** Letters and words for the same, of the programs that delete most. */
const sameOptions = [
  ['r', 'R', 'recursive'],
  ['f', 'force'],
  ['d', 'D', 'delete'],
]

function isSameOption(one: string, other: string): boolean {
  return one === other || sameOptions.some((names) => names.includes(one) && names.includes(other))
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
