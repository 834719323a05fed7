import { readerOf as read } from '#platform'
import type { BodyReader } from './body-reader.ts'

/** The cheapest reader of a response's body. */
export const readerOf: (response: Response) => BodyReader | undefined = read
