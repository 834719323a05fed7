import { hash } from '../random/hash.ts'

const mark = 'EqQBmockc2ln'

/** The signature of a thinking block: it holds a hash of the text, so that a change is noticed without any memory. */
export function signThinking(thinking: string): string {
  let signature = mark
  for (let i = 0; signature.length < 88; i++) signature += hash(thinking, i).toString(36)
  return `${signature.slice(0, 86)}==`
}

/** What is wrong with a thinking block that came back; a signature that a script made up is taken as it is. */
export function checkSignature(thinking: string, signature: string): 'missing' | 'changed' | undefined {
  if (signature === '') return 'missing'
  // With `display: 'omitted'` the text stays behind, and the signature alone stands for it.
  if (thinking === '') return undefined
  return signature.startsWith(mark) && signature !== signThinking(thinking) ? 'changed' : undefined
}
