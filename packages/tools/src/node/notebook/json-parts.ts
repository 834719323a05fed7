/** Where a value stands in a JSON text. */
export interface JSONPart {
  /** Its name, in an object. */
  key: string | undefined
  start: number
  /** Behind its last character. */
  end: number
}

/**
 * The values directly in the object or array that starts at `start`, so that one can be changed without writing the
 * others anew. The text must be valid JSON.
 */
export function jsonParts(text: string, start: number): JSONPart[] {
  const parts: JSONPart[] = []
  const isObject = text[start] === '{'
  for (let at = skipSpace(text, start + 1); text[at] !== '}' && text[at] !== ']'; ) {
    let key: string | undefined
    if (isObject) {
      const end = valueEnd(text, at)
      key = JSON.parse(text.slice(at, end)) as string
      at = skipSpace(text, skipSpace(text, end) + 1)
    }
    const end = valueEnd(text, at)
    parts.push({ key, start: at, end })
    at = skipSpace(text, end)
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
  return parts
}

/** Behind the value that starts there. */
export function valueEnd(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start)
  if (text[start] !== '{' && text[start] !== '[') return next(/[\s,\]}]|$/g, text, start)
  let depth = 0
  for (let at = start; ; ) {
    const char = text[at]
    if (char === '"') at = stringEnd(text, at)
    else {
      depth += char === '{' || char === '[' ? 1 : -1
      at++
      if (!depth) return at
    }
    at = next(/["{}[\]]/g, text, at)
  }
}

function stringEnd(text: string, start: number): number {
  for (let at = start; ; ) {
    at = text.indexOf('"', at + 1)
    let first = at
    while (text[first - 1] === '\\') first--
    // Two backslashes are one that was meant.
    if ((at - first) % 2 === 0) return at + 1
  }
}

function skipSpace(text: string, at: number): number {
  return next(/\S/g, text, at)
}

function next(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.exec(text)?.index ?? text.length
}
