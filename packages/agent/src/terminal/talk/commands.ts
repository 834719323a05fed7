import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { SessionInfo } from '../../journal/session-store.ts'
import { readRecord } from '../../record/read-record.ts'
import { visibleText } from '../../record/text/visible-text.ts'
import { toHTMLTrace } from '../../record/trace/to-html-trace.ts'
import { type Conversation, resumeSession } from './conversation.ts'

interface Command {
  help: string
  run(talk: Conversation, argument: string): Promise<string | undefined>
}

/** What begins with a slash; the text that one gives is shown. */
const commands: Readonly<Record<string, Command>> = {
  help: {
    help: 'this list',
    async run() {
      const lines = Object.entries(commands).map(([name, { help }]) => `  /${name.padEnd(10)} ${help}`)
      return [...lines, '  /quit       ends; so does Ctrl-D. Ctrl-C ends an answer that is being given'].join('\n')
    },
  },
  cost: {
    help: 'what this session has used, and what is left of --max-cost',
    async run({ session, budget }) {
      const { usage, cost } = session ?? {}
      const read = usage?.cache_read_input_tokens ?? 0
      const written = usage?.cache_creation_input_tokens ?? 0
      const left = (await budget?.stats())?.remaining
      return [
        `${number(usage?.input_tokens)} tokens in, ${number(read)} more from the cache, ${number(written)} written to it, ${number(usage?.output_tokens)} out`,
        cost ? `$${cost.usd.toFixed(4)} at list prices` : 'nothing spent yet',
        ...(left === undefined ? [] : [`$${left.toFixed(4)} left of what this run may spend`]),
      ].join('\n')
    },
  },
  compact: {
    help: 'puts the history into a summary; what follows says what matters',
    async run({ session }, instructions) {
      if (!session) return 'Nothing has been said yet.'
      const { usage } = await session.compact(instructions ? { instructions } : {})
      return `The history is a summary now, of ${number(usage?.output_tokens)} tokens.`
    },
  },
  resume: {
    help: 'the sessions of this folder; with the number of one, goes on with it',
    async run(talk, argument) {
      const sessions: SessionInfo[] = []
      for await (const info of talk.agent.store.list?.({ limit: 30 }) ?? []) if (!info.parent) sessions.push(info)
      const chosen = sessions[Number(argument) - 1] ?? sessions.find(({ id }) => argument && id.startsWith(argument))
      if (chosen) {
        await resumeSession(talk, chosen.id)
        return undefined
      }
      if (argument) return `There is no session ${visibleText(argument)} here.`
      const line = ({ id, title, updatedAt }: SessionInfo, index: number) =>
        `${String(index + 1).padStart(3)}. ${visibleText(title ?? id)}, ${updatedAt.toLocaleString()}`
      return sessions.map(line).join('\n') || 'There is none yet.'
    },
  },
  new: {
    help: 'begins another session',
    async run(talk) {
      await talk.session?.close()
      talk.session = undefined
      return 'A new one begins with the next prompt.'
    },
  },
  trace: {
    help: 'writes what happened in this session as a page',
    async run({ session, agent }) {
      if (!session) return 'Nothing has been said yet.'
      const { entries, children } = await readRecord(agent.store, session.id)
      const path = join(tmpdir(), `enjamb-trace-${session.id.slice(0, 8)}.html`)
      await writeFile(path, toHTMLTrace(entries, { children }), { mode: 0o600 })
      return pathToFileURL(path).href
    },
  },
}

/** Runs what was typed, as `/compact keep the names`. */
export async function runCommand(text: string, talk: Conversation): Promise<void> {
  const [, name = '', argument = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(text) ?? []
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  const said = command ? await command.run(talk, argument) : `There is no /${visibleText(name)}; /help has the list.`
  if (said !== undefined) talk.screen.show(said.split('\n'))
}

function number(count: number | null | undefined): string {
  return (count ?? 0).toLocaleString('en')
}
