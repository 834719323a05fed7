import { redact } from '../../../errors/redact.ts'
import type { Platform } from '../../platform.ts'

/** Node's error for an answer that is no HTTP carries what came, which may repeat a credential. */
export const tidy: Platform['tidy'] = (error) => {
  for (const one of [error, Object(error).cause]) {
    const { data } = Object(one) as { data?: unknown }
    if (data) one.data = redact(`${data}`)
  }
  return error
}
