import { allowsCommand, mentionsCommand } from './command.ts'
import { matchesDomain } from './domain.ts'
import { matchesPath, mentionsPath, readings } from './path.ts'
import { protectedPart } from './protected-path.ts'
import { mentionsSearch } from './search-area.ts'
import type { Subject } from './subject.ts'

/** What patterns are held against; `undefined` where nobody knows what they are about. */
export interface Target {
  readonly subject: Subject | undefined
  readonly input: unknown
  readonly cwd: string
}

/** Do the patterns allow this input? Not where it cannot be told. */
export function allows(patterns: readonly string[], { subject, input, cwd }: Target): boolean {
  const value = valueFor(subject, input)
  if (!subject || value === undefined) return false
  if (subject.kind === 'command') return allowsCommand(patterns, value)
  // A search goes where its glob leads.
  if (/^\/|(^|\/)\.\.(\/|$)/.test(globOf(subject, input)?.replaceAll('\\', '/') ?? '')) return false
  return patterns.some((pattern) => fits(pattern, subject, value, cwd))
}

/** Is the pattern about this input? It is where it cannot be told. */
export function concerns(pattern: string, { subject, input, cwd }: Target): boolean {
  const value = valueFor(subject, input)
  if (!subject || value === undefined) return true
  if (subject.kind === 'command') return mentionsCommand(pattern, value)
  // What cannot be read may be anything to whoever reads it another way.
  if (subject.kind === 'domain' && !URL.canParse(value)) return true
  if (subject.kind !== 'path') return fits(pattern, subject, value, cwd)
  if (mentionsPath(pattern, cwd)(value)) return true
  return subject.glob !== undefined && mentionsSearch(pattern, value, globOf(subject, input), cwd)
}

/** Is it about a file that makes other programs run things, and does no pattern that fits name what makes it one? */
export function isProtected(target: Target, patterns: readonly string[]): boolean {
  const { subject, input, cwd } = target
  const value = valueFor(subject, input)
  if (subject?.kind !== 'path' || value === undefined) return false
  return readings(value, cwd).some((path) => {
    const part = protectedPart(path, cwd)
    return part && !patterns.some((pattern) => protectedPart(pattern, cwd) === part && allows([pattern], target))
  })
}

function valueFor(subject: Subject | undefined, input: unknown): string | undefined {
  const value = subject && (Object(input) as Record<string, unknown>)[subject.field]
  // A tool that takes a folder works in the current one where none is named.
  if (value === undefined && subject?.kind === 'path') return '.'
  return typeof value === 'string' ? value : undefined
}

function globOf(subject: Subject, input: unknown): string | undefined {
  const value = subject.glob && (Object(input) as Record<string, unknown>)[subject.glob]
  return typeof value === 'string' ? value : undefined
}

function fits(pattern: string, { kind }: Subject, value: string, cwd: string): boolean {
  if (kind === 'path') return matchesPath(pattern, value, cwd)
  if (kind === 'domain') return matchesDomain(pattern, value)
  return pattern === value || (pattern.endsWith('*') && value.startsWith(pattern.slice(0, -1)))
}
