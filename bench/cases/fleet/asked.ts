import type { MessageParam } from '@enjamb/core'

/** A prompt of a session. */
export interface Asked {
  session: string
  id: string
  content: string
  /** What was said before, for those who keep no sessions: whoever asks sends it along. */
  messages: MessageParam[]
}

/** Everything that a worker is told, as JSON, when it is started. */
export interface WorkerSettings {
  /** The place among the workers, which who comes after a dead one takes over. */
  name: string
  baseURL: string
  /** The file that effects stand in. */
  effects: string
  /** What a tool takes, in milliseconds. */
  toolMs: number
  database: string
  /** The socket of Redis. */
  redis: string
  queue: string
}

export const model = 'claude-haiku-4-5'
export const maxTokens = 100
export const payTool = {
  name: 'pay',
  description: 'Pays an order.',
  input: {
    type: 'object',
    properties: { order: { type: 'string' } },
    required: ['order'],
    additionalProperties: false,
  },
} as const

/** How often DBOS looks for work and for results. Its default is a second, which in so short a load would be most of its time. */
export const pollingIntervalMs = 100
