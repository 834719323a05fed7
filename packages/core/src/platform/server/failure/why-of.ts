import type { Platform } from '../../platform.ts'

/** Node's reason stands in the cause, best in its code. */
export const whyOf: Platform['whyOf'] = (error) => {
  const { message, cause } = Object(error) as Partial<Error>
  const { code, message: why } = Object(cause ?? error) as Partial<Error & { code: string }>
  return `${code || why || message || error}`
}
