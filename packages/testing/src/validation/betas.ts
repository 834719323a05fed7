/** What only a beta opens, and the values of `anthropic-beta` that open it. */
const openedBy = {
  advisor: ['advisor-tool-2026-03-01'],
  billingPolicy: ['user-profiles-billing-2026-10-01'],
  cacheScope: ['prompt-caching-scope-2026-01-05'],
  clearAt: ['mid-conversation-system-clear-at-2026-08-21'],
  compaction: ['compact-2026-09-04'],
  compactionBlocks: ['compact-2026-01-12', 'compact-2026-09-04'],
  computer20241022: ['computer-use-2024-10-22'],
  computer20250124: ['computer-use-2025-01-24'],
  computer20251124: ['computer-use-2025-11-24'],
  contextManagement: ['context-management-2025-06-27', 'compact-2026-01-12'],
  fallbackCredit: ['fallback-credit-2026-06-01', 'fallback-credit-2026-07-01'],
  fallbacks: ['server-side-fallback-2026-06-01', 'server-side-fallback-2026-07-01'],
  fastMode: ['fast-mode-2026-02-01'],
  mcp: ['mcp-client-2025-04-04', 'mcp-client-2025-11-20', 'mcp-client-2026-09-15'],
  messageOutputConfig: ['mid-conversation-output-config-2026-07-01'],
  outputFormat: ['structured-outputs-2025-11-13', 'structured-outputs-2025-12-15'],
  taskBudget: ['task-budgets-2026-03-13'],
  thinkingBinding: ['thinking-binding-controls-2026-08-01'],
  thinkingUpdates: ['thinking-display-updates-2026-08-18'],
  threads: ['message-threads-2026-08-12'],
  toolChanges: ['mid-conversation-tool-changes-2026-07-01', 'inline-tools-2026-09-15'],
} as const satisfies Record<string, readonly string[]>

export type BetaFeature = keyof typeof openedBy

/** The other values that the API takes: their features are open to all by now, or no concern of messages. */
const others = [
  'adaptive-thinking-2026-01-28',
  'admin-user-sign-out-2026-10-08',
  'advanced-tool-use-2025-11-20',
  'afk-mode-2026-01-31',
  'agent-memory-2026-07-22',
  'analytics-usage-cost-2026-08-24',
  'cache-diagnosis-2026-04-07',
  'ce-claude-code-managed-settings-2026-10-06',
  'ce-plugins-2026-09-01',
  'ce-user-management-2026-07-13',
  'claude-code-20250219',
  'code-execution-2025-05-22',
  'code-execution-2025-08-25',
  'context-1m-2025-08-07',
  'dev-full-thinking-2025-05-14',
  'dreaming-2026-04-21',
  'effort-2025-11-24',
  'efs-2026-10-01',
  'experimental-claude-tag-2026-10-21',
  'extended-cache-ttl-2025-04-11',
  'files-api-2025-04-14',
  'fine-grained-tool-streaming-2025-05-14',
  'google-managed-data-controls-2026-09-01',
  'interleaved-thinking-2025-05-14',
  'managed-agents-2026-04-01',
  'max-tokens-3-5-sonnet-2024-07-15',
  'mcp-tunnels-2026-06-22',
  'message-batches-2024-09-24',
  'model-context-window-exceeded-2025-08-26',
  'oauth-2025-04-20',
  'output-128k-2025-02-19',
  'output-300k-2026-03-24',
  'pdfs-2024-09-25',
  'prompt-caching-2024-07-31',
  'redact-thinking-2026-02-12',
  'search-results-2025-06-09',
  'skills-2025-10-02',
  'spend-limit-reads-2026-09-26',
  'telemetry-destinations-2026-08-11',
  'thinking-token-count-2026-05-13',
  'token-counting-2024-11-01',
  'token-efficient-tools-2025-02-19',
  'token-efficient-tools-2026-03-28',
  'tool-examples-2025-10-29',
  'tool-search-tool-2025-10-19',
  'user-profiles-2026-03-24',
  'user-profiles-2026-08-18',
  'user-profiles-2026-09-04',
  'web-fetch-2025-09-10',
  'web-search-2025-03-05',
  'webhooks-2026-10-07',
]

export const knownBetas: ReadonlySet<string> = new Set([...Object.values(openedBy).flat(), ...others])

/** Whether a feature is open to a request with these betas. */
export function isOpen(feature: BetaFeature, betas: readonly string[]): boolean {
  return openedBy[feature].some((value) => betas.includes(value))
}

/** The values of the header, one by one. */
export function betasOf(header: string | undefined): string[] {
  return header === undefined ? [] : header.split(',').map((value) => value.trim())
}
