// The ways in.

export { type APIHandler, createAPIHandler } from './api-handler.ts'
export { type MockFetch, mockFetch } from './mock-fetch.ts'
export { type MockHandlers, type MockHandlersOptions, mockHandlers } from './mock-handlers.ts'
export type { MockFile, MockOptions } from './mock-options.ts'
export { createMockServer, type MockServer, type MockServerOptions } from './mock-server.ts'

// What it answers.

export type { MockErrorType } from './errors/error-type.ts'
export { type Script, script } from './script/script.ts'
export type {
  ConditionalTurn,
  LooseBlock,
  RefusalCategory,
  Reply,
  Turn,
  TurnError,
  TurnFunction,
  TurnRefusal,
  TurnSpec,
  TurnToolCall,
} from './script/turn.ts'
export type { TurnFaults } from './script/turn-faults.ts'
export type { TurnMatch, TurnMatchFields } from './script/turn-match.ts'
export type { TurnRequest, TurnToolResult } from './script/turn-request.ts'

// What it remembers.

export type { Ledger, LedgerEntry } from './accounts/ledger.ts'
export type { RateLimits } from './accounts/rate-limiter.ts'
export type { RecordedRequest } from './http/recorded-request.ts'

// Real answers, kept and given again.

export type {
  Cassette,
  CassetteChunk,
  CassetteExchange,
  CassetteRequest,
  CassetteResponse,
} from './cassette/cassette.ts'
export { createRecorder, type Recorder, type RecorderOptions } from './cassette/create-recorder.ts'
export { createReplayer, type Replayer, type ReplayerOptions } from './cassette/create-replayer.ts'
export { type RecordOptions, type RecordServer, record } from './cassette/record.ts'
export { type ReplayOptions, type ReplayServer, replay } from './cassette/replay.ts'

// Stores of one's own.

export { type StoreTest, sessionStoreTests } from './stores/session-store-tests.ts'
export type { TestedEntry, TestedInfo, TestedLease, TestedStore } from './stores/tested-store.ts'
