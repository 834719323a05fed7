import { visibleText } from '../../record/text/visible-text.ts'

/** What a call of a tool is about: the first of these that its input has. */
const subjects = [
  'file_path',
  'notebook_path',
  'command',
  'pattern',
  'path',
  'url',
  'query',
  'skill',
  'description',
] as const

/** A call in a line, as `Write poems/rain.txt`. */
export function describeCall(name: string, input: unknown, cwd: string): string {
  const fields = Object(input) as Record<string, unknown>
  const subject = subjects.map((field) => fields[field]).find((value) => typeof value === 'string') as
    | string
    | undefined
  const text = subject ?? (Object.keys(fields).length ? JSON.stringify(input) : '')
  const [line = '', more] = visibleText(text.replace(`${cwd}/`, '')).split('\n', 2)
  return `${name} ${line}${more === undefined ? '' : ' …'}`.trim()
}

const longestPreview = 20

/** What a call would do, in lines that a person decides by; a long text is cut, and says by how much. */
export function previewCall(input: unknown): string[] {
  const { content, old_string, new_string, command, ...rest } = Object(input) as Record<string, unknown>
  const text = (value: unknown) => visibleText(typeof value === 'string' ? value : JSON.stringify(value, undefined, 2))
  const marked = (value: unknown, mark: string) =>
    cut(text(value).replace(/\n$/, '').split('\n')).map((line) => mark + line)
  if (old_string !== undefined) return [...marked(old_string, '- '), ...marked(new_string ?? '', '+ ')]
  if (content !== undefined) return marked(content, '+ ')
  if (command !== undefined) return cut(text(command).split('\n'))
  return Object.keys(rest).length > 1 ? cut(text(rest).split('\n')) : []
}

function cut(lines: string[]): string[] {
  const more = lines.length - longestPreview
  return more > 0 ? [...lines.slice(0, longestPreview), `… ${more} more lines`] : lines
}
