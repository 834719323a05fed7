import type { RequestOptions } from './request.ts'

/** What every request takes beside its parameters: for layers that pass these on, and check the names of their own. */
export const requestOptionNames: readonly string[] = [
  'signal',
  'timeoutMs',
  'idleTimeoutMs',
  'deadlineMs',
  'headers',
  'betas',
  'retry',
  'project',
  'onResponse',
] satisfies (keyof RequestOptions)[]
