import { hash } from '../random/hash.ts'

const mark = 'EqQBmockc2ln'
const width = 11

/** What a signature vouches for. */
export interface Signed {
  thinking: string
  /** Of the model that thought it. */
  model: string
  /** Of what stood before it. */
  prefix: number
}

/** The signature of a thinking block: it holds hashes of what it vouches for, so that a change is noticed without any memory. */
export function signThinking({ thinking, model, prefix }: Signed): string {
  const sealed = mark + part(hash(thinking)) + part(hash(model)) + part(prefix)
  // As long as the API's shortest.
  return `${sealed.padEnd(86, part(hash(sealed)))}==`
}

/** What is wrong with a thinking block that came back; a signature that a script made up is taken as it is. */
export function checkSignature(
  signature: string,
  now: Signed,
): 'missing' | 'changed' | 'another model' | 'another conversation' | undefined {
  if (signature === '') return 'missing'
  if (!signature.startsWith(mark)) return undefined
  const [thinking, model, prefix] = [0, 1, 2].map((n) => signature.slice(mark.length + n * width).slice(0, width))
  // With `display: 'omitted'` the text stays behind, and the signature alone stands for it.
  if (now.thinking !== '' && thinking !== part(hash(now.thinking))) return 'changed'
  if (model !== part(hash(now.model))) return 'another model'
  return prefix === part(now.prefix) ? undefined : 'another conversation'
}

function part(value: number): string {
  return value.toString(36).padStart(width, '0')
}
