import { button, element } from '../parts/element.ts'
import { explainError } from './explain-error.ts'

/** What happened, what to do, and a way to do it. The words of the program are there for who asks for them. */
export function errorNote(
  { code, message }: { code?: string | undefined; message: string },
  retry: (() => void) | undefined,
): HTMLElement {
  const { title, advice, mayRetry } = explainError(code)
  const note = element(
    'div',
    { className: 'failure' },
    element('p', { className: 'failure-title' }, title),
    element('p', {}, advice),
    mayRetry && retry ? button('Try again', 'plain', retry) : undefined,
    element(
      'details',
      {},
      element('summary', {}, 'Details'),
      element('p', { className: 'failure-words' }, code ? `${code}: ${message}` : message),
    ),
  )
  note.setAttribute('role', 'alert')
  return note
}
