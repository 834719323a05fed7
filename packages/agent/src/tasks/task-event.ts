import type { TaskResult } from './task-result.ts'
import type { TaskStep } from './task-step.ts'

/** Something that happens in a task; its result comes last. */
export type TaskEvent<T = unknown> = TaskStep | { at: string; type: 'result'; content: TaskResult<T> }
