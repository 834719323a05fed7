import { messageOfType, statusOfType, typeOfStatus } from '../errors/error-type.ts'
import { Rejection } from '../errors/rejection.ts'
import type { TurnError } from '../script/turn.ts'

/** The error that a turn describes, with what the API would say where the script says nothing. */
export function errorOfTurn(error: number | TurnError): Rejection {
  const given: TurnError = typeof error === 'number' ? { status: error } : error
  const status = given.status ?? (given.type === undefined ? 500 : statusOfType(given.type))
  const type = given.type ?? typeOfStatus(status)
  const { message = messageOfType(type), headers, details } = given
  return new Rejection(message, { status, type, headers, details })
}
