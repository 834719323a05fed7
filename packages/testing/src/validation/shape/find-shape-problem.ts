import { knownBetas } from '../betas.ts'
import { batchSchema } from './batch-schema.ts'
import { requestSchema, type SchemaKind } from './request-schema.ts'
import { eachIssue, wordIssue } from './word-issue.ts'

/** What is wrong with the shape of a body, in the API's words; `undefined` where nothing is. */
export function findShapeProblem(body: Record<string, unknown>, kind: SchemaKind): string | undefined {
  const { error } = requestSchema(kind).safeParse(body)
  if (!error) return undefined
  // What a beta of the user's own opens is not known here.
  const isLoose = kind.betas.some((value) => !knownBetas.has(value))
  const issue = eachIssue(error.issues, body).find(({ code }) => !(isLoose && code === 'unrecognized_keys'))
  return issue && wordIssue(issue, body)
}

/** The same for a new batch. */
export function findBatchProblem(body: Record<string, unknown>): string | undefined {
  const { error } = batchSchema.safeParse(body)
  const [issue] = eachIssue(error?.issues ?? [], body)
  return issue && wordIssue(issue, body)
}
