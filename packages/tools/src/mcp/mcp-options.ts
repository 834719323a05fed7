import type { Logger } from '@enjamb/core'
import type { FetchLike, StreamableHTTPClientTransportOptions } from '@modelcontextprotocol/client'
import type { Tool } from '../define/tool.ts'

interface ServerOptions {
  /**
   * Believe what the server says about its own tools: one with `readOnlyHint` may then run beside others, and without
   * anyone being asked; one with `idempotentHint` is called again where a call got lost. Default false: whoever wrote the
   * server could call anything harmless.
   */
  trustAnnotations?: boolean | undefined
  /** How long a call may take. Default `timeoutMs` of all servers. */
  timeoutMs?: number | undefined
}

/** A server that is a program on this machine, and speaks over its standard input and output. Not for browsers. */
export interface McpProcess extends ServerOptions {
  /** Found on the `PATH`; no shell is involved. */
  command: string
  args?: readonly string[] | undefined
  /**
   * Comes on top of the few variables that every server gets: `HOME`, `LOGNAME`, `PATH`, `SHELL`, `TERM` and `USER`.
   * Nothing else of this process's environment reaches it.
   */
  env?: Readonly<Record<string, string>> | undefined
  /** Default: that of this process. */
  cwd?: string | undefined
}

/** A server that speaks streamable HTTP. */
export interface McpEndpoint extends ServerOptions {
  url: string | URL
  /** Sent with every request, such as `authorization`. */
  headers?: Readonly<Record<string, string>> | undefined
  /** Default: the platform's. */
  fetch?: FetchLike | undefined
  /** Gives the token for each request, or does OAuth: as the official client takes it. */
  authProvider?: StreamableHTTPClientTransportOptions['authProvider'] | undefined
}

/** An MCP server: a process, or an address. */
export type McpServer = McpProcess | McpEndpoint

/** How long servers are waited for, and what is made of their tools. */
export interface McpOptions {
  /**
   * How long a server may take until its tools are known, at the start and when it is connected again. Default 30,000;
   * 0 means for ever.
   */
  startTimeoutMs?: number | undefined
  /** How long a call may take; then it is cancelled, and the model is told. Default 600,000; 0 means for ever. */
  timeoutMs?: number | undefined
  /** How much text of a result reaches the model. Default 200,000 characters. */
  maxResultChars?: number | undefined
  /** Gets a warning for each server that fails or gets lost, and for each tool that cannot be offered. Default none. */
  logger?: Logger | undefined
}

/** What has become of a server, at the moment when it is read from `servers`. */
export interface McpServerStatus {
  readonly name: string
  /** `lost`: the connection ended; the next call makes a new one. `failed`: there was none, or no new one. */
  readonly state: 'connected' | 'lost' | 'failed' | 'closed'
  /** Why it failed or got lost. */
  readonly error: string | undefined
  /** The names of its tools, as the model knows them. */
  readonly tools: readonly string[]
  /** Those of its tools that are not offered, by the names that the server gives them, and why. */
  readonly leftOut: readonly McpToolLeftOut[]
  /** What it says about how it is to be used, for a system prompt if you trust it. */
  readonly instructions: string | undefined
}

/** A tool that is not offered, and why. */
export interface McpToolLeftOut {
  /** Its beginning, where it is longer than 100 characters. */
  readonly name: string
  readonly reason: string
}

/** The tools of all servers. The list itself changes when a server's does. */
export interface McpTools extends Array<Tool>, AsyncDisposable {
  readonly servers: readonly McpServerStatus[]
  /** Ends all sessions and processes; resolves when they are gone. Calls that are under way fail. */
  close(): Promise<void>
}
