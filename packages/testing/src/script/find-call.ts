import type { JSONObject } from '@enjamb/core'

/** A call that a text asks for. */
export interface AskedCall {
  name: string
  /** `undefined` where the text gives none. */
  input: JSONObject | undefined
}

/** The first call of one of these tools that a text asks for: `call NAME`, `use the NAME`, `run NAME {"some": "input"}`. */
export function findCall(text: string, names: readonly string[]): AskedCall | undefined {
  const known = new Map(names.map((name) => [name.toLowerCase(), name]))
  const wish = /\b(?:call|use|run)\s+(?:the\s+)?(?:tool\s+)?["'`]?([\w-]+)["'`]?/gi
  for (let match = wish.exec(text); match; match = wish.exec(text)) {
    const name = known.get(match[1]?.toLowerCase() ?? '')
    if (name !== undefined) return { name, input: inputAt(text, wish.lastIndex) }
    // What looked like a name may be the next wish's verb.
    wish.lastIndex = match.index + 1
  }
  return undefined
}

function inputAt(text: string, from: number): JSONObject | undefined {
  const start = text.slice(from, from + 1000).search(/\S/) + from
  if (text[start] !== '{') return undefined
  try {
    return JSON.parse(text.slice(start, objectEnd(text, start))) as JSONObject
  } catch {
    return undefined
  }
}

/** Where the object that begins at a brace ends. One pass: trying each brace would parse a long text once for each. */
function objectEnd(text: string, start: number): number {
  let depth = 0
  let quoted = false
  for (let at = start; at < text.length; at++) {
    const char = text[at]
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return at + 1
  }
  return text.length
}
