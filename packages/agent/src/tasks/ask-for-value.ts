import type { ReadSchema } from '@enjamb/chat'
import type { TurnResult } from '../turn/turn-result.ts'

/** The last answer of a task that has a schema. */
export interface Answer {
  result: TurnResult
  /** What it stands for; nothing where it did not come to fit. */
  fits?: { value: unknown } | undefined
  /** What was wrong with it, a line for each. */
  wrong?: string
}

const retries = 2

/** Makes a value of an answer; where it does not fit, the model is told what is wrong, and asked again, twice. */
export async function askForValue(
  schema: ReadSchema,
  first: TurnResult,
  ask: (prompt: string) => Promise<TurnResult>,
): Promise<Answer> {
  for (let result = first, left = retries; ; left--) {
    if (result.status !== 'completed') return { result }
    const read = await readText(schema, result.text)
    if ('value' in read) return { result, fits: read }
    const wrong = read.issues.map(({ path, message }) => `- ${path.join('.') || 'the answer'}: ${message}`).join('\n')
    if (!left) return { result, wrong }
    result = await ask(`Your answer does not fit the schema:\n${wrong}\nGive the whole answer again, so that it fits.`)
  }
}

async function readText({ check }: ReadSchema, text: string): ReturnType<ReadSchema['check']> {
  try {
    return await check(JSON.parse(text))
  } catch (error) {
    return { issues: [{ message: `is no JSON: ${(error as Error).message}`, path: [] }] }
  }
}
