/** Quoted text without anything in it that a shell expands, what separates commands, plain characters; then all else. */
const shellToken = /'[^']*'|"[^"$`\\]*"|([;&|\n]+)|[^'";&|\n$`\\(){}<>#]|(.)/gs

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
  const commands = parts.map((part) => part.trim()).filter((part) => part)
  const tests = patterns.map(toTest)
  return commands.length > 0 && commands.every((part) => tests.some((test) => test.test(part)))
}

/**
 * Does any part of a command match the pattern, behind whatever comes before it: quotes, folders, `sudo`, `xargs`? A guard
 * rail against what a model does by mistake, no wall against what it does by intent.
 */
export function mentionsCommand(pattern: string, command: string): boolean {
  const test = toTest(pattern)
  if (test.test(command.trim())) return true
  // A line that goes on in the next is one.
  return command
    .replaceAll('\\\n', '')
    .split(/[;&|\n`$(){}<>]+/)
    .some((part) => {
      const words = part
        .replace(/["'\\]/g, '')
        .trim()
        .split(/\s+/)
      return words.some((word, index) => {
        const rest = words.slice(index + 1)
        const plain = rest.filter((word) => !word.startsWith('-'))
        return [rest, plain].some((rest) => test.test([word.replace(/^.*\//s, ''), ...rest].join(' ')))
      })
    })
}

function toTest(pattern: string): RegExp {
  const begins = pattern.endsWith(':*')
  const words = (begins ? pattern.slice(0, -2) : pattern).trim().split(/\s+/)
  const source = words.map((word) => word.split('*').map(literal).join('.*')).join('\\s+')
  return new RegExp(`^${source}${begins ? '(\\s.*)?' : ''}$`, 's')
}

function literal(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
}
