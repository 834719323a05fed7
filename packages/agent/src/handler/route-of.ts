import { checkSessionId } from '../journal/check-session-id.ts'
import { Refusal } from './refusal.ts'

/** What somebody wants of a session. */
export type SessionAction = 'state' | 'events' | 'prompt' | 'decide' | 'interrupt'

/** A request's session, and what is wanted of it. */
export interface Route {
  id: string
  action: SessionAction
}

const methods: Record<SessionAction, 'GET' | 'POST'> = {
  state: 'GET',
  events: 'GET',
  prompt: 'POST',
  decide: 'POST',
  interrupt: 'POST',
}

/** @throws {Refusal} there is nothing at this address */
export function routeOf({ url, method }: Request, path: string): Route {
  const { pathname } = new URL(url)
  const [encoded = '', action = 'state', ...more] = pathname.startsWith(`${path}/`)
    ? pathname.slice(path.length + 1).split('/')
    : []
  if (!encoded || more.length || !isAction(action)) {
    throw new Refusal(
      404,
      'not_found',
      `There is ${path}/<session id>, and below it events, prompt, decide and interrupt.`,
    )
  }
  const id = checkedId(encoded)
  const allow = methods[action]
  if (method !== allow) throw new Refusal(405, 'method_not_allowed', `Use ${allow}.`, { allow })
  return { id, action }
}

function isAction(name: string): name is SessionAction {
  return Object.hasOwn(methods, name)
}

function checkedId(encoded: string): string {
  try {
    const id = decodeURIComponent(encoded)
    checkSessionId(id)
    return id
  } catch {
    throw new Refusal(
      400,
      'bad_request',
      'A session\'s id must be 1 to 128 letters, digits, "_", "-" and ".", without "." first.',
    )
  }
}
