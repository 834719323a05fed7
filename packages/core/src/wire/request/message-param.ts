import type { ContentBlockParam } from './content-block-param.ts'
import type { TextBlockParam } from './document-block-param.ts'
import type { Effort } from './output-config.ts'

/** One message of a conversation that is sent. */
export type MessageParam = UserMessageParam | AssistantMessageParam | SystemMessageParam

/** What the user has said, and what tools have returned. */
export interface UserMessageParam {
  role: 'user'
  content: string | ContentBlockParam[]
}

/** What the model has said in a conversation that is sent. */
export interface AssistantMessageParam {
  role: 'assistant'
  content: string | ContentBlockParam[]
}

/** Instructions given in the middle of a conversation; those for all of it go in `system`. */
export interface SystemMessageParam {
  role: 'system'
  content: string | TextBlockParam[]
  /** β */
  clear_at?: 'next_user_message' | 'never' | null
  /** β: from this message on. */
  output_config?: { effort?: Effort | null } | null
}
