import { createAgent } from '../src/index.ts'
import { replaySession, toHTMLTrace, toLog, toMarkdown, toMetadata } from '../src/record/index.ts'
import { longSession } from './long-session.ts'

/** What a page makes of a session, and what the session says once more. */
export async function tell() {
  const { entries, children } = longSession()
  const until = entries.findIndex(({ type }) => type === 'turn') + 1
  const replay = replaySession(entries.slice(0, until))
  const session = await createAgent(replay.options).session()
  const { text } = await session.send(replay.prompts[0]!.content).final()
  return {
    html: toHTMLTrace(entries, { children }),
    log: toLog(entries),
    markdown: toMarkdown(entries),
    metadata: toMetadata(entries),
    text,
  }
}
