export { type WriteSpansOptions, writeSpans } from './write-spans.ts'
