import { type AssistantLine, blocksOf, numberOf, type ProgramFailure, type ResultLine, textOf } from './program-line.ts'

/** What failed, where the program says so in the place of a reply. */
export function failureIn({ message, error, request_id, ...line }: AssistantLine): ProgramFailure | undefined {
  const kind = textOf(error)
  if (!kind) return undefined
  return {
    kind,
    status: numberOf(line.api_error_status),
    type: textOf(line.api_error_type),
    text: blocksOf(message)
      .map(({ text }) => textOf(text) ?? '')
      .join('\n'),
    requestId: textOf(request_id),
  }
}

/** What a result says of a failure, with what was said before. */
export function failureOf(result: ResultLine, before: ProgramFailure | undefined): ProgramFailure {
  const errors = Array.isArray(result.errors) ? result.errors.map(String) : []
  return {
    kind: textOf(result.api_error) ?? before?.kind,
    status: numberOf(result.api_error_status) ?? before?.status,
    type: textOf(result.api_error_type) ?? before?.type,
    text: textOf(result.result) ?? (errors.join('\n') || (before?.text ?? '')),
    requestId: before?.requestId,
  }
}
