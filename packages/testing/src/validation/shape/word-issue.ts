import type { z } from 'zod'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** The issues of a body one by one, those within a union told of the branch that the value was meant for. */
export function eachIssue(issues: readonly Issue[], body: unknown): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || valueAt(issue.path, body) === undefined) return [issue]
    // That is the branch that does not fail at once on what the value is.
    const meant = issue.errors.find(([first]) => first && first.path.length > 0) ?? issue.errors.at(-1)
    if (!meant) return [issue]
    return eachIssue(
      meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
      body,
    )
  })
}

/** What the API would say of one thing that is wrong with the shape of a body. */
export function wordIssue(issue: Issue, body: unknown): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  return `${placeOf(path, body)}: ${complaint(issue, valueAt(path, body))}`
}

function complaint(issue: Issue, value: unknown): string {
  if (value === undefined) return 'Field required'
  // A message of the schema's own is already in the API's words.
  if (issue.message.startsWith('Input should')) return issue.message
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'Extra inputs are not permitted'
    case 'invalid_type':
      return `Input should be a valid ${typeNames[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `Input should be ${listed(issue.values.map((one) => `'${String(one)}'`))}`
    case 'invalid_format':
      return `String should match pattern '${String(issue.pattern ?? '').replace(/^\/|\/$/g, '')}'`
    case 'too_small':
      return bound(issue.origin, 'at least', 'greater than or equal to', Number(issue.minimum))
    case 'too_big':
      return bound(issue.origin, 'at most', 'less than or equal to', Number(issue.maximum))
    default:
      return issue.message
  }
}

const typeNames: Record<string, string> = {
  int: 'integer',
  array: 'list',
  object: 'dictionary',
  record: 'dictionary',
}

function bound(origin: string, sized: string, compared: string, limit: number): string {
  const unit = limit === 1 ? '' : 's'
  if (origin === 'string') return `String should have ${sized} ${limit} character${unit}`
  if (origin === 'array') return `List should have ${sized} ${limit} item${unit} after validation`
  return `Input should be ${compared} ${limit}`
}

function listed(values: string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

/** The API names the type of each tagged object on the way: `messages.0.content.0.text.text`. */
function placeOf(path: Path, body: unknown): string {
  const place: string[] = []
  let value = body
  for (const [depth, key] of path.entries()) {
    if (key === 'type' && depth === path.length - 1 && (value as { type?: unknown }).type !== undefined) break
    place.push(String(key))
    value = (value as Record<PropertyKey, unknown> | undefined)?.[key]
    if (depth < path.length - 1) place.push(...tagOf(value, path, depth))
  }
  return place.join('.')
}

function tagOf(value: unknown, path: Path, depth: number): string[] {
  const inList = typeof path[depth] === 'number'
  const parent = path[depth - 1]
  // The one list whose items are all of one type, so that they need no tag.
  if (typeof value !== 'object' || value === null || (inList && parent === 'system')) return []
  const { type } = value as { type?: unknown }
  // The type of an input schema is a word of JSON Schema, no tag; an unknown type is none either.
  if (path[depth] === 'input_schema' || path[depth + 1] === 'type') return []
  if (inList && parent === 'tools' && depth === 1) return [typeof type === 'string' ? type : 'custom']
  return typeof type === 'string' ? [type] : []
}

function valueAt(path: Path, body: unknown): unknown {
  let value = body
  for (const key of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key]
  return value
}
