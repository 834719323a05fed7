import { setImmediate } from 'node:timers/promises'

const maxDepth = 64
const maxParts = 500_000
/** After so many steps everything else has its turn. */
const stepsInTurn = 50_000

/**
 * The value of a JSON text, if a notebook could be like it: nested no deeper than 64 and with no more than 500,000 values, which
 * is looked at before, since parsing holds up the whole process. `undefined` for anything else.
 */
export async function parseNotebookJSON(text: string): Promise<unknown> {
  if (!(await isModest(text))) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function isModest(text: string): Promise<boolean> {
  const sign = /["{}[\],]/g
  let [depth, parts] = [0, 0]
  for (let steps = 1; ; steps++) {
    const found = sign.exec(text)?.[0]
    if (found === undefined) return true
    if (found === '"') sign.lastIndex = stringEnd(text, sign.lastIndex)
    else if (found === '[' || found === '{') depth++
    else if (found !== ',') depth--
    if (found !== '"') parts++
    if (depth > maxDepth || parts > 2 * maxParts || !sign.lastIndex) return false
    if (steps % stepsInTurn === 0) await setImmediate()
  }
}

/** Behind the string whose first character is there; 0 if it has no end. */
function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start); at >= 0; at = text.indexOf('"', at + 1)) {
    let first = at
    while (text[first - 1] === '\\') first--
    if ((at - first) % 2 === 0) return at + 1
  }
  return 0
}
