import { type TodoWriteInput, todoWriteDefinition } from '../../code/interaction/todo-write.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'

/** A step of the model's list. */
export type Todo = TodoWriteInput['todos'][number]

/** Options of the TodoWrite tool. */
export interface TodoOptions {
  /** Gets every new list, and the one that it replaces. What it throws, the model is told, and the list stays as it was. */
  onTodos?: ((todos: readonly Todo[], before: readonly Todo[]) => void | Promise<void>) | undefined
}

/** The TodoWrite tool: it keeps the list of what there is to do, of which at most one step is in progress. */
export function todoWriteTool({ onTodos }: TodoOptions = {}): Tool<TodoWriteInput> {
  let current: readonly Todo[] = []
  return defineTool({
    ...todoWriteDefinition,
    independent: true,
    idempotent: true,
    async run({ todos }) {
      const before = current
      current = todos
      try {
        await onTodos?.(todos, before)
      } catch (error) {
        // Unless another came meanwhile.
        if (current === todos) current = before
        throw error
      }
      const count = (status: Todo['status']) => todos.filter((todo) => todo.status === status).length
      const [done, active, open] = [count('completed'), count('in_progress'), count('pending')]
      return `The list is written down: ${done} completed, ${active} in progress, ${open} pending.`
    },
  })
}
