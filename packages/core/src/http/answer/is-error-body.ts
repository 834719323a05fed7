import type { ErrorBody } from '../../wire/index.ts'

/** Whether an answer is an error, though its status says that all is well. Gateways leave out the outer `type`. */
export function isErrorBody(value: unknown): boolean {
  const { type, error } = Object(value) as Partial<ErrorBody>
  return type ? type === 'error' : !!error
}
