/** How much work the answer is worth, and which form it has. */
export interface OutputConfig {
  /** How much work to put into the answer; only for models with adaptive thinking. */
  effort?: Effort | null
  format?: JSONOutputFormat | null
  /** β: how many tokens the whole task may take, which the model keeps an eye on. */
  task_budget?: TaskBudget | null
}

/** How much work a model puts into an answer. Not every model takes every level. */
export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max'

/** The answer is JSON that fits the schema. */
export interface JSONOutputFormat {
  type: 'json_schema'
  schema: { [keyword: string]: unknown }
}

/** β: how many tokens a whole task may take, which the model is told. */
export interface TaskBudget {
  type: 'tokens'
  total: number
  remaining?: number | null
}
