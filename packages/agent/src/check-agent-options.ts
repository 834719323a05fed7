import { ConfigError, checkOptions } from '@enjamb/core'
import type { AgentOptions } from './agent-options.ts'

/** @throws {ConfigError} one that there is not; the nearest that there is is named */
export function checkAgentOptions(options: AgentOptions): void {
  checkOptions('createAgent', options, Object.keys(names))
  if (options.model === 'auto') {
    throw new ConfigError(
      'model must be chooseModel of @enjamb/core in place of "auto", for a model by the first prompt.',
    )
  }
  // React Native has none, and neither has a page that came by http.
  if (!globalThis.crypto?.randomUUID) {
    throw new ConfigError('crypto.randomUUID must be there: set globalThis.crypto to expo-crypto in React Native.')
  }
  const { backend = 'api' } = options
  if (backend !== 'api' && typeof Object(backend).run !== 'function') {
    throw new ConfigError("backend must be 'api', or a backend, as cliBackend() of @enjamb/agent/cli gives one.")
  }
  checkOptions('createAgent.metadata', options.metadata ?? {}, Object.keys(metadataNames))
  checkOptions('createAgent.compaction', Object(options.compaction), ['atTokens', 'instructions'])
}

const names: { readonly [Name in keyof Required<AgentOptions>]: true } = {
  apiKey: true,
  authToken: true,
  apiVersion: true,
  baseURL: true,
  timeoutMs: true,
  idleTimeoutMs: true,
  deadlineMs: true,
  retry: true,
  betas: true,
  headers: true,
  fetch: true,
  middleware: true,
  logger: true,
  dangerouslyAllowBrowser: true,
  client: true,
  backend: true,
  model: true,
  maxTokens: true,
  thinking: true,
  display: true,
  effort: true,
  body: true,
  system: true,
  appendSystem: true,
  instructions: true,
  cwd: true,
  metadata: true,
  cache: true,
  fallbacks: true,
  compaction: true,
  resultFiles: true,
  maxResultChars: true,
  store: true,
  logDir: true,
  logName: true,
  logAll: true,
  tools: true,
  allowTools: true,
  denyTools: true,
  permission: true,
  hooks: true,
  maxTurns: true,
  agents: true,
  maxAgents: true,
  maxAgentDepth: true,
}

const metadataNames: { readonly [Name in keyof Required<NonNullable<AgentOptions['metadata']>>]: true } = {
  userId: true,
  deviceId: true,
  accountId: true,
  sessionId: true,
  hostHash: true,
}
