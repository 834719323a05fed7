export interface OutputConfig {
  /** How much work to put into the answer; only for models with adaptive thinking. */
  effort?: Effort | null
  format?: JSONOutputFormat | null
  /** β: how many tokens the whole task may take, which the model keeps an eye on. */
  task_budget?: TaskBudget | null
}

export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max'

/** The answer is JSON that fits the schema. */
export interface JSONOutputFormat {
  type: 'json_schema'
  schema: { [keyword: string]: unknown }
}

export interface TaskBudget {
  type: 'tokens'
  total: number
  remaining?: number | null
}
