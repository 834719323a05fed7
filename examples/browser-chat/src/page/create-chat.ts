import { followSession, type SessionEvent, SessionRequestError } from '@enjamb/agent/browser'
import { announce } from './parts/announcer.ts'
import { formatCost, formatName } from './parts/format.ts'
import { createTurn, type TurnView } from './transcript/create-turn.ts'
import { errorNote } from './transcript/error-note.ts'

/** What a chat tells the page around it. */
export interface ChatListener {
  /** `busy`: it answers. `asking`: a call waits for a decision. */
  onStatus(status: 'ready' | 'busy' | 'asking'): void
  onTitle(title: string): void
  onSpent(spent: string): void
  /** Something was shown. */
  onShow(): void
}

export interface Chat {
  send(text: string): void
  stop(): void
  /** Follows it no more; what it answers goes on. */
  leave(): void
}

/** After so much silence in mid-answer it is asked whether it still goes on. */
const silenceMs = 5_000

/** A chat of the server, shown in an element. One that is loaded again is what it was, also in the middle of an answer. */
export function createChat(url: string, isNew: boolean, node: HTMLElement, listener: ChatListener): Chat {
  const leaving = new AbortController()
  const session = followSession(url, { signal: leaving.signal })
  const turns = new Map<string, TurnView>()
  let current: TurnView | undefined
  let status: 'ready' | 'busy' | 'asking' = 'ready'
  /** What happens now, and is not read from the journal. */
  let isLive = false
  let isFollowing = false
  let silence: ReturnType<typeof setTimeout> | undefined
  let failure: HTMLElement | undefined

  function setStatus(next: typeof status): void {
    status = next
    listener.onStatus(next)
    clearTimeout(silence)
    if (next === 'busy') silence = setTimeout(checkWhetherItGoesOn, silenceMs)
  }

  function handle(event: SessionEvent): void {
    if (event.seq === undefined) isLive = true
    if (event.type === 'prompt') begin(event.id, textOf(event.content))
    else current?.handle(event)
    if (event.type === 'turn_end') end(event.status)
    else if (event.type === 'decision') setStatus('busy')
    else if (event.type === 'waiting' && isLive) announce(`Claude asks whether it may: ${formatName(event.name)}.`)
    else if (status === 'busy') setStatus('busy')
    listener.onShow()
  }

  function begin(id: string, text: string): void {
    failure?.remove()
    if (turns.size === 0) listener.onTitle(text)
    current = turns.get(id)
    if (current) current.restart()
    else {
      const actions = { decide, retry: () => ask(id, text), onShow: listener.onShow }
      current = createTurn(text, { ...actions, decide: (call, answer) => decide(call.id, answer) })
      turns.set(id, current)
      node.append(current.node)
    }
    setStatus('busy')
  }

  function end(how: string): void {
    setStatus(how === 'waiting' ? 'asking' : 'ready')
    if (isLive && how === 'completed') announce(`Claude: ${current?.spoken ?? ''}`)
    isLive = false
    void showSpent()
  }

  async function showSpent(): Promise<void> {
    const { cost } = await session.state().catch(() => ({ cost: undefined }))
    if (cost) listener.onSpent(formatCost(cost))
  }

  async function checkWhetherItGoesOn(): Promise<void> {
    const now = await session.state().catch(() => undefined)
    if (status !== 'busy') return
    if (now?.status !== 'interrupted') return setStatus('busy')
    current?.cutOff()
    setStatus('ready')
  }

  async function follow(): Promise<void> {
    if (isFollowing) return
    isFollowing = true
    try {
      for await (const event of session) handle(event)
    } catch (error) {
      fail(error, () => location.reload())
    } finally {
      isFollowing = false
    }
  }

  /** The same id is the same question, however often it is sent. */
  function ask(id: string, text: string, when?: 'now'): void {
    turns.get(id)?.restart()
    failure?.remove()
    isLive = true
    setStatus('busy')
    announce('Claude is answering.')
    session.send(text, { id, when }).then(follow, (error) => {
      // What fails in the turn, its end tells.
      if (!turns.has(id)) fail(error, () => ask(id, text, when))
    })
  }

  async function decide(id: string, answer: { allow: boolean; always?: boolean; hash: string }): Promise<void> {
    isLive = true
    await session.decide(id, answer).catch((error) => fail(error))
  }

  function fail(error: unknown, retry?: () => void): void {
    if (leaving.signal.aborted) return
    const { reason, message } =
      error instanceof SessionRequestError ? error : { reason: undefined, message: String(error) }
    failure?.remove()
    failure = errorNote({ code: reason, message }, retry)
    node.append(failure)
    setStatus('ready')
    listener.onShow()
  }

  if (!isNew) void follow()
  setStatus('ready')

  return {
    send: (text) => ask(crypto.randomUUID(), text, status === 'asking' ? 'now' : undefined),
    stop: () => void session.interrupt('the user has pressed Stop').catch((error) => fail(error)),
    leave() {
      clearTimeout(silence)
      leaving.abort()
    },
  }
}

function textOf(content: Extract<SessionEvent, { type: 'prompt' }>['content']): string {
  if (typeof content === 'string') return content
  return content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n')
}
