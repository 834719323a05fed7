export { createOpenAIHandler, type OpenAIHandlerOptions } from './create-openai-handler.ts'
