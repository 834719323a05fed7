/** What a snippet may import: the parts of the packages that run everywhere, and what the examples bring along. */
export const modules = [
  '@enjamb/core',
  '@enjamb/stream',
  '@enjamb/tools',
  '@enjamb/chat',
  '@enjamb/chat/openai',
  '@enjamb/agent',
  '@enjamb/agent/browser',
  '@enjamb/agent/record',
  '@enjamb/testing',
  'zod',
]
