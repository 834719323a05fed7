import { bodyReader } from '../../http/answer/body-reader.ts'
import type { Platform } from '../platform.ts'

export const readerOf: Platform['readerOf'] = (response) =>
  response[bodyReader] ? response[bodyReader]() : response.body?.getReader?.()
