import { createClient, createMessage, type EnjambError, uploadFile } from '../src/index.ts'

const params = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user' as const, content: 'Hi' }] }
const clientOf = (baseURL: string) =>
  createClient({ baseURL, apiKey: 'sk-ant-key', dangerouslyAllowBrowser: true, retry: { baseDelayMs: 1 } })
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    (value) => ({ value }),
    ({ code, message }: EnjambError) => ({ code, message }),
  )

export const ask = (url: string) => outcomeOf(createMessage(clientOf(url), params))

/** Twice with one client, since the first answer may change how the second is asked for. */
export async function askTwice(url: string): Promise<unknown[]> {
  const client = clientOf(url)
  return [await outcomeOf(createMessage(client, params)), await outcomeOf(createMessage(client, params))]
}

export const upload = (url: string) => outcomeOf(uploadFile(clientOf(url), { file: new Blob(['x']) }))

export async function withoutLeave(): Promise<unknown> {
  return outcomeOf((async () => createClient({ apiKey: 'k' }))())
}
