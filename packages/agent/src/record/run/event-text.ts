import type { Entry } from '../../journal/entry.ts'
import { jsonText } from '../text/json-text.ts'

const questions = { approval: 'approval', question: 'an answer', client_tool: "the application's result" } as const

/** In words, what is no prompt, reply, call or result; `undefined` of those, and of what this release does not know. */
export function eventText(entry: Entry): string | undefined {
  switch (entry.type) {
    case 'params':
      if (entry.choice) return `Chose ${entry.choice.model}: ${entry.choice.why}`
      return `Changed ${Object.keys(entry.changed ?? {}).join(', ')}: ${entry.why}`
    case 'context':
      return `Added by the hook ${entry.by}: ${entry.content}`
    case 'pending':
      return `${entry.call?.name} waits for ${questions[entry.kind] ?? entry.kind}${entry.session ? `, in session ${entry.session}` : ''}`
    case 'decision':
      return decisionText(entry)
    case 'checkpoint':
      return `${entry.before === null ? 'Created' : 'Changed'} ${entry.path}`
    case 'mend':
      return `Replaced message ${entry.index} of the history, which the API refused: ${entry.why}`
    case 'compaction':
      return `Summarized what came before entry ${entry.upTo}: ${entry.summary}`
    case 'rewind':
      return `Went back to entry ${entry.to}${entry.files?.length ? `, with ${entry.files.join(', ')}` : ''}`
    case 'spawn':
      return `Sub-agent ${entry.agent} began session ${entry.session}${entry.background ? ', in the background' : ''}`
    case 'note':
      return `${entry.name}${entry.data === undefined ? '' : `: ${typeof entry.data === 'string' ? entry.data : jsonText(entry.data, 2_000).text}`}`
    default:
      return undefined
  }
}

function decisionText({ allow, by, reason, content, input, always }: Extract<Entry, { type: 'decision' }>): string {
  const what = content !== undefined ? 'Answered' : allow ? 'Allowed' : 'Refused'
  const changed = allow && input !== undefined ? ', with another input' : ''
  return `${what}${always ? ' from now on' : ''}${by ? ` by ${by}` : ''}${changed}${reason ? `: ${reason}` : ''}`
}
