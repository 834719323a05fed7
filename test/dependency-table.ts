/** The runtime dependencies that each package may have: the design's table. A package may do without some of them. */
export const dependencyTable: Readonly<Record<string, readonly string[]>> = {
  core: [],
  stream: ['@enjamb/core'],
  tools: ['@enjamb/core', '@enjamb/stream', '@standard-schema/spec'],
  chat: ['@enjamb/core', '@enjamb/stream'],
  agent: ['@enjamb/core', '@enjamb/stream', '@enjamb/tools', '@enjamb/chat'],
  testing: ['@enjamb/core', 'msw', 'zod', 'eventsource-parser'],
}
