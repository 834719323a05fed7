import { batchSchema } from './batch-schema.ts'
import { requestSchema, type SchemaKind } from './request-schema.ts'
import { eachIssue, wordIssue } from './word-issue.ts'

/** What is wrong with the shape of a body, in the API's words; `undefined` where nothing is. */
export function findShapeProblem(body: Record<string, unknown>, kind: SchemaKind): string | undefined {
  const { error } = requestSchema(kind).safeParse(body)
  // Betas add fields in many places; at the top only are they known one by one.
  const issue = eachIssue(error?.issues ?? [], body).find(
    ({ code, path }) => !(kind.betas && code === 'unrecognized_keys' && path.length > 0),
  )
  return issue && wordIssue(issue, body)
}

/** The same for a new batch. */
export function findBatchProblem(body: Record<string, unknown>): string | undefined {
  const { error } = batchSchema.safeParse(body)
  const [issue] = eachIssue(error?.issues ?? [], body)
  return issue && wordIssue(issue, body)
}
