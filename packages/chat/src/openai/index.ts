export { createOpenAIHandler, type OpenAIHandlerOptions } from './create-openai-handler.ts'
export type { ResponseStore, StoredResponse } from './response-store.ts'
