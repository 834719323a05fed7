/** What a field of a head says. */
export interface HeadField {
  /** On one line. */
  text: string
  /** What is not as YAML wants it, though the meaning is plain. */
  warning?: string | undefined
}

/**
 * The fields of the head of a `SKILL.md` whose values are text, each on one line: the part of YAML that such heads use, plain,
 * quoted and block text. What people write though YAML has another meaning for it, such as a colon in plain text, is taken
 * as it was meant. Fields with other values, lists for one, are left out.
 *
 * @throws {Error} it is not made of fields, or a quoted text has no end
 * @see https://yaml.org/spec/1.2.2/
 */
export function parseHead(head: string): Map<string, HeadField> {
  const fields = new Map<string, HeadField>()
  for (const [name, lines] of toBlocks(head)) {
    if (fields.has(name)) throw new Error(`Its head has two fields "${name}".`)
    const field = toField(name, lines)
    if (field) fields.set(name, field)
  }
  return fields
}

/** The lines of each field, the first without the name. */
function toBlocks(head: string): [name: string, lines: string[]][] {
  const blocks: [string, string[]][] = []
  for (const line of head.split('\n')) {
    const isMore = /^\s/.test(line) || !line
    const [, , name, value] = /^(["']?)([A-Za-z_][\w-]*)\1[ \t]*:(?:[ \t]+(.*))?$/.exec(line) ?? []
    if (isMore) blocks.at(-1)?.[1].push(line)
    else if (name !== undefined) blocks.push([name, [value ?? '']])
    else if (!line.startsWith('#'))
      throw new Error(`Its head is not made of fields: ${JSON.stringify(line.slice(0, 80))}`)
  }
  return blocks
}

function toField(name: string, [first = '', ...below]: string[]): HeadField | undefined {
  const rest = below.map((line) => line.trim())
  if (/^[|>][-+\d]*[ \t]*(?:#.*)?$/.test(first)) return { text: rest.join(' ').trim() }
  if (/^[&*]\w/.test(first)) throw new Error(`The field "${name}" refers to others.`)
  const all = [first, ...rest].join('\n')
  const text = all.trim()
  // Other spaces than these are a part of plain text to YAML.
  if (/^[ \t\n]*["']/.test(all)) return { text: unquote(name, text) }
  if (/^(?:\[.*\]|\{.*\}|[-?] .*)$/s.test(text)) return undefined
  const plain = text
    .replace(/(?:^|\s)#.*$/s, '')
    .replace(/\s+/g, ' ')
    .trim()
  const isOdd = /:(?:\s|$)|^[[\]{},&*!|>%@`]/.test(plain)
  const warning = isOdd ? `The field "${name}" is taken as it is; YAML wants it in quotation marks.` : undefined
  return { text: plain, warning }
}

/** One before the end of a line takes that away. */
const escapes: { readonly [sign: string]: string } = { '\n': '', n: '\n', t: '\t', r: '\r', 0: '\0', e: '\u001b' }

function unquote(name: string, text: string): string {
  const [, single] = /^'((?:[^']|'')*)'\s*(?:#.*)?$/s.exec(text) ?? []
  if (single !== undefined) return single.replaceAll("''", "'")
  const [, double] = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/s.exec(text) ?? []
  if (double === undefined) throw new Error(`The quotation marks of the field "${name}" do not fit together.`)
  return double.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/gis, (_, two, four, sign) => {
    const code = two ?? four
    return code ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[sign] ?? sign)
  })
}

/**
 * A field of a head that is a list: of names between commas, in brackets, or a line for each with a hyphen; `undefined` where
 * there is no such field.
 *
 * @throws {Error} it is something else
 */
export function parseHeadList(head: string, field: string): string[] | undefined {
  const block = toBlocks(head).find(([name]) => name === field)
  if (!block) return undefined
  const text = block[1].join('\n').trim()
  if (/^[{|>&]/.test(text)) throw new Error(`The field "${field}" is no list.`)
  const isBlock = /^- /.test(text)
  const parts = isBlock ? text.split(/^\s*- /m) : text.replace(/^\[(.*)\]$/s, '$1').split(',')
  return parts.map((part) => unquoted(part.trim())).filter(Boolean)
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/s, '$2')
}
