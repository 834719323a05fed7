import type { UserMessageParam } from '@enjamb/core'
import type { SessionState } from '../handler/session-state.ts'
import { leavable } from '../live/leavable.ts'
import { pause } from '../live/pause.ts'
import type { EventsOptions, SessionEvent } from '../live/session-event.ts'
import type { Decision, SendOptions } from '../session/session.ts'
import { readFrames } from './read-frames.ts'
import { type RequestSettings, requestSession, toError } from './request-session.ts'
import type { SessionRequestError } from './session-request-error.ts'

/** Options of {@link followSession}. */
export interface FollowOptions extends EventsOptions, Omit<RequestSettings, 'url'> {
  /** A connection on which nothing came for so long is given up for a new one, in milliseconds. Default 60,000. */
  silenceMs?: number | undefined
  /** How long to wait for another try, the first time, where the server has not said it. Default 1,000. */
  retryMs?: number | undefined
}

/** A session of a server, and what happens in it. Each loop begins where the last event was that was given. */
export interface FollowedSession extends AsyncIterable<SessionEvent> {
  /** Of the last event that was given: kept, it is where a page goes on that was loaded again. */
  readonly position: string | undefined
  /**
   * Asks. A prompt whose answer is lost on the way is sent again, with its id, and is one prompt.
   *
   * @returns its id, once it is in the journal, or waits for the turn that is under way
   * @throws {SessionRequestError}
   */
  send(prompt: UserMessageParam['content'], options?: Pick<SendOptions, 'id' | 'when'>): Promise<{ id: string }>
  /**
   * Decides about a call that waits.
   *
   * @throws {SessionRequestError}
   */
  decide(id: string, decision: Omit<Decision, 'by'>): Promise<void>
  /**
   * Ends the turn that is under way, and resolves when it has ended.
   *
   * @throws {SessionRequestError}
   */
  interrupt(reason?: string): Promise<void>
  /** @throws {SessionRequestError} */
  state(): Promise<SessionState>
}

/** Between two tries. */
const longestMs = 30_000
const mostTries = 5

/**
 * The other side of `createSessionHandler`: follows a session of a server, in a browser or anywhere else. A connection that breaks
 * is made anew, and goes on where it broke, also in the middle of a reply: nothing is missed, and nothing given twice.
 *
 * A loop over it ends with the signal or when it is left. It throws a {@link SessionRequestError} where there is no such session
 * (one that is new begins with `send`), the server refuses, or the journal cannot be read; whatever may pass is tried again.
 *
 * @param url of the session, as `/sessions/mail-42`
 * @example
 * const session = followSession('/sessions/mail-42')
 * await session.send('Which of these are urgent?')
 * for await (const event of session) if (event.type === 'text') show(event.text)
 */
export function followSession(
  url: string | URL,
  { after, signal, silenceMs = 60_000, retryMs = 1_000, ...rest }: FollowOptions = {},
): FollowedSession {
  const settings = { ...rest, url: String(url).replace(/\/$/, '') }
  let position = after === undefined ? undefined : String(after)
  let sending: Promise<unknown> | undefined
  let failures = 0

  /** The events of one connection, which ends when the server's answer does, however. */
  async function* connect({ signal }: AbortController): AsyncGenerator<SessionEvent, void> {
    const connection = new AbortController()
    const end = () => connection.abort()
    signal.addEventListener('abort', end)
    try {
      const query = position === undefined ? '' : `?after=${encodeURIComponent(position)}`
      const response = await requestSession(settings, `/events${query}`, { signal: connection.signal })
      for await (const { event, data, id, retry = retryMs } of readFrames(response, silenceMs, end)) {
        if (event === 'failure') throw toError(undefined, JSON.parse(data))
        retryMs = retry
        failures = 0
        position = id
        yield { ...JSON.parse(data), position: id }
      }
    } finally {
      signal.removeEventListener('abort', end)
      end()
    }
  }

  /** Waits until it is time for another try. */
  async function recover(error: unknown, signal: AbortSignal): Promise<void> {
    const { reason, retryable } = error as Partial<SessionRequestError>
    if (reason === 'session_not_found' && sending) {
      // It is just being begun.
      const begun = sending
      sending = undefined
      return void (await begun)
    }
    if (!retryable) throw error
    await backOff(signal)
  }

  async function* follow(leave: AbortController): AsyncGenerator<SessionEvent, void> {
    const end = () => leave.abort()
    if (signal?.aborted) return
    signal?.addEventListener('abort', end)
    try {
      while (!leave.signal.aborted) {
        try {
          yield* connect(leave)
          await backOff(leave.signal)
        } catch (error) {
          if (leave.signal.aborted) return
          await recover(error, leave.signal)
        }
      }
    } finally {
      signal?.removeEventListener('abort', end)
    }
  }

  /** Not all who were cut off together come back together. */
  function backOff(signal: AbortSignal): Promise<void> {
    return pause(Math.min(retryMs * 2 ** failures++, longestMs) * (0.5 + Math.random() / 2), signal)
  }

  const post = (path: string, body: object) => requestSession(settings, path, { body, signal })

  return {
    ...leavable(follow),
    get position() {
      return position
    },
    async send(prompt, { id = newKey(), when } = {}) {
      const work = trySeveralTimes(() => post('/prompt', { prompt, id, when }), signal)
      sending = work.catch(() => {})
      await work
      return { id }
    },
    async decide(id, decision) {
      await post('/decide', { ...decision, id })
    },
    async interrupt(reason) {
      await post('/interrupt', { reason })
    },
    async state() {
      return (await requestSession(settings, '', { signal })).json()
    },
  }
}

async function trySeveralTimes(
  request: () => Promise<unknown>,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await request()
      return
    } catch (error) {
      if (!(error as SessionRequestError).retryable || tries === mostTries || signal.aborted) throw error
      await pause(250 * 2 ** tries, signal)
    }
  }
}

/** As `crypto.randomUUID` is for pages that came by https alone. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
