import type { Random } from './create-random.ts'

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Makes ids that look like the API's: `msg_01…`, `toolu_01…`, `req_011C…`. */
export type NewId = (prefix: string) => string

export function createIds(random: Random): NewId {
  return (prefix) => {
    let id = `${prefix}_01`
    for (let i = 0; i < 22; i++) id += alphabet[Math.floor(random() * alphabet.length)]
    return id
  }
}
