/** An error, as somebody reads it who has not written the program. */
export interface Explained {
  title: string
  advice: string
  /** Whether the same question may well be answered a moment later. */
  mayRetry: boolean
}

// By the `code` that errors of enjamb have, wherever they come from.
const explanations: Record<string, Explained> = {
  overloaded: {
    title: 'Claude is busy right now',
    advice: 'Many people are asking at once. It passes, mostly within a minute. Your question is kept.',
    mayRetry: true,
  },
  rate_limit: {
    title: 'Too many questions at once',
    advice: 'The limit for this key is reached for the moment. Wait a minute, then try again.',
    mayRetry: true,
  },
  connection: {
    title: 'No connection',
    advice: 'The server could not be reached. Look whether you are online, then try again.',
    mayRetry: true,
  },
  request_timeout: { title: 'It took too long', advice: 'No answer came in time. Try again.', mayRetry: true },
  idle_timeout: {
    title: 'The answer stopped arriving',
    advice: 'What had come is above. Try again for a whole answer.',
    mayRetry: true,
  },
  stream_interrupted: {
    title: 'The answer broke off',
    advice: 'What had come is above. Try again for a whole answer.',
    mayRetry: true,
  },
  server: { title: 'Something failed at the API', advice: 'It is not your question. Try again.', mayRetry: true },
  authentication: {
    title: 'The key is not accepted',
    advice: 'Whoever runs this server has to look at its ANTHROPIC_API_KEY.',
    mayRetry: true,
  },
  billing: {
    title: 'The account has run out of credit',
    advice: 'Whoever runs this server has to add some, then try again.',
    mayRetry: true,
  },
  budget_exceeded: {
    title: 'The budget is spent',
    advice: 'The next request could have cost more than is left, so it was not made.',
    mayRetry: false,
  },
  request_too_large: {
    title: 'That is too much at once',
    advice: 'Shorten the message, or begin a new chat.',
    mayRetry: false,
  },
  session_busy: {
    title: 'Another program has this chat open',
    advice: 'Close it there, or wait half a minute.',
    mayRetry: true,
  },
  session_not_found: {
    title: 'This chat is not here',
    advice: 'It may have been deleted, or belong to another browser. Begin a new one.',
    mayRetry: false,
  },
  forbidden: { title: 'That is not allowed', advice: 'You may not use this chat.', mayRetry: false },
}

const unknown: Explained = { title: 'Something went wrong', advice: 'Try again, or ask differently.', mayRetry: true }

export function explainError(code: string | undefined): Explained {
  return (code !== undefined && Object.hasOwn(explanations, code) && explanations[code]) || unknown
}
