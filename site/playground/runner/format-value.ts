const mostItems = 100
const mostDepth = 2
const lineWidth = 80

/** A value as Node's console shows it. */
export function formatValue(value: unknown, depth = 0, above: object[] = []): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return nameFunction(value)
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof RegExp) return String(value)
  if (above.includes(value)) return '[Circular]'
  const name = value.constructor?.name ?? '[Object: null prototype]'
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && Symbol.iterator in value)
  if (depth > mostDepth) return `[${isList ? 'Array' : name}]`
  const show = (inner: unknown) => formatValue(inner, depth + 1, [...above, value])
  if (isList) {
    const items = [...(value as Iterable<unknown>)]
    const shown = items.slice(0, mostItems).map(show)
    if (items.length > shown.length) shown.push(`... ${items.length - shown.length} more items`)
    return wrap(Array.isArray(value) ? '' : `${name}(${items.length}) `, '[', shown, ']', depth)
  }
  if (value instanceof Map) {
    const entries = [...value].map(([key, inner]) => `${show(key)} => ${show(inner)}`)
    return wrap(`Map(${value.size}) `, '{', entries, '}', depth)
  }
  if (value instanceof Set) return wrap(`Set(${value.size}) `, '{', [...value].map(show), '}', depth)
  const fields = fieldsOf(value, show)
  if (value instanceof Error) {
    const title = `${value.name}: ${value.message}`
    return fields.length > 0 ? `${title} ${wrap('', '{', fields, '}', depth)}` : title
  }
  return wrap(name === 'Object' ? '' : `${name} `, '{', fields, '}', depth)
}

function nameFunction(value: { name: string }): string {
  if (String(value).startsWith('class')) return `[class ${value.name || '(anonymous)'}]`
  return `[Function${value.name ? `: ${value.name}` : ' (anonymous)'}]`
}

function fieldsOf(value: object, show: (inner: unknown) => string): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(value))
    .filter(([, { enumerable }]) => enumerable)
    .map(([key, { get, value: inner }]) => {
      const name = /^[a-z_$][\w$]*$/i.test(key) ? key : quote(key)
      return `${name}: ${get ? '[Getter]' : show(inner)}`
    })
}

function wrap(prefix: string, open: string, parts: string[], close: string, depth: number): string {
  if (parts.length === 0) return `${prefix}${open}${close}`
  const line = `${prefix}${open} ${parts.join(', ')} ${close}`
  // Node leaves room for what may stand before it.
  if (line.length + 2 * depth + 9 <= lineWidth && !line.includes('\n')) return line
  const indent = '  '.repeat(depth + 1)
  return `${prefix}${open}\n${parts.map((part) => indent + part).join(',\n')}\n${'  '.repeat(depth)}${close}`
}

function quote(text: string): string {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes('`') ? '`' : "'"
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return mark + inner.replaceAll(mark, mark === "'" ? "\\'" : mark) + mark
}
