import type { Turn } from '@enjamb/testing'

/** A pace at which one can see the answer arrive. */
const eventDelayMs = 25

/** What the mock answers, request by request; the tools in between really run. */
export const turns: Turn[] = [
  {
    text: 'An enjambment is a line of verse that runs on into the next without a pause, as this answer does from chunk to chunk.',
    eventDelayMs,
  },
  'Danube, Rhine, Vistula.',
  { text: 'I will look.', toolCalls: [{ name: 'Glob', input: { pattern: '**/*' } }], eventDelayMs },
  ({ toolResults }) => ({
    text: `There are ${countLines(toolResults[0]?.text)} files: two poems and a list of them.`,
    eventDelayMs,
  }),
  ({ params }) => ({
    text: 'I will read both poems at once.',
    toolCalls: findPaths(JSON.stringify(params.messages), /\/[^"\\\s]*\/poems\/\w+\.txt/g).map((file_path) => ({
      name: 'Read',
      input: { file_path },
    })),
    eventDelayMs,
  }),
  ({ toolResults }) => {
    const longest = toolResults.reduce((a, b) => (countLines(b.text) > countLines(a.text) ? b : a))
    const { file_path } = longest.input as { file_path: string }
    return {
      text: `${file_path.split('/').at(-1)} is the longer one, with ${countLines(longest.text)} lines.`,
      eventDelayMs,
    }
  },
]

function countLines(text = ''): number {
  return text.split('\n').filter((line) => line.trim()).length
}

function findPaths(text: string, pattern: RegExp): string[] {
  return [...new Set(text.match(pattern))].sort()
}
