import { describe, expect, it } from 'vitest'
import { brokenOff, describeFailure, isAnswer, mayHaveRun, wasNotTaken } from './failure.ts'

const program = { command: 'server' }
const endpoint = { url: 'http://localhost' }
const http = (status: number, message = 'Error POSTing to endpoint: no') =>
  Object.assign(new Error(message), { status })
const coded = (code: unknown, message = 'no', more = {}) => Object.assign(new Error(message), { code, ...more })

describe('a failure is described', () => {
  it.each([
    [coded('ENOENT', 'no such file'), program, 'The command "server" was not found.'],
    [coded('ENOENT', 'no such file'), endpoint, 'no such file'],
    [coded('CONNECTION_CLOSED'), program, 'It ended before it had answered.'],
    [coded('CONNECTION_CLOSED', '', { trouble: 'It broke.' }), program, 'It broke.'],
    [coded('X', 'no', { lastWords: 'Help!' }), program, 'no. Its last words: Help!'],
    [coded('X', 'No!', { lastWords: 'y'.repeat(600) }), program, `No! Its last words: ${'y'.repeat(500)}`],
    [new Error('x'.repeat(600)), program, 'x'.repeat(500)],
    [http(401), endpoint, 'It asks for authorization (401): give it headers or an authProvider.'],
    [
      Object.assign(new Error('Unauthorized'), { name: 'UnauthorizedError' }),
      endpoint,
      'It asks for authorization (401): give it headers or an authProvider.',
    ],
    [http(500), endpoint, 'It answered with status 500: no'],
    [http(500, 'Error POSTing to endpoint: null'), endpoint, 'It answered with status 500'],
    [http(500, 'Error POSTing to endpoint: '), endpoint, 'It answered with status 500'],
    [http(405), endpoint, 'It answered with status 405 (is this where it speaks streamable HTTP?): no'],
    [new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }), endpoint, 'fetch failed: ECONNREFUSED'],
    [new TypeError('fetch failed', { cause: new Error('bad port') }), endpoint, 'fetch failed: bad port'],
    ['a word', endpoint, 'a word'],
    [undefined, endpoint, 'undefined'],
  ])('%s', (error, server, words) => {
    expect(describeFailure(error, server)).toBe(words)
  })
})

describe('a call', () => {
  it.each([
    ['is not taken without a connection', coded('NOT_CONNECTED'), false, true],
    ['is not taken in a session that is over', http(404), true, true],
    ['is refused where there is nothing, and was no session', http(404), false, false],
    ['is refused by a server that has no sessions', http(400, 'Bad Request: no session'), false, false],
  ])('%s', (_, error, hadSession, expected) => {
    expect(wasNotTaken(error, hadSession)).toBe(expected)
  })

  it.each([
    ['that the server answered with an error', coded(-32_602), false],
    ['whose answer broke off', coded(-32_000, `${brokenOff} Why?`), true],
    ['that was refused', http(429), false],
    ['that a gateway gave up', http(504), true],
    ['without authorization', Object.assign(new Error('Unauthorized'), { name: 'UnauthorizedError' }), false],
    ['to a host that is not there', new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } }), false],
    ['whose connection broke', new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }), true],
    ['whose process ended', coded('CONNECTION_CLOSED'), true],
    ['whose answer makes no sense', coded('INVALID_RESULT'), true],
    ['of which nothing is known', undefined, true],
  ])('%s may have had effects, or not', (_, error, expected) => {
    expect(mayHaveRun(error)).toBe(expected)
  })

  it('is answered by an error with a number, unless that is ours', () => {
    expect(isAnswer(coded(-32_602))).toBe(true)
    expect(isAnswer(coded(-32_000, brokenOff))).toBe(false)
    expect(isAnswer(coded('EPIPE'))).toBe(false)
  })
})
