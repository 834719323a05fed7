import type { ToolUseBlock } from '@enjamb/core'
import type { Tool } from '../define/tool.ts'

/**
 * Decides whether a call is made; asked once for each, before its tool starts, see `withPermission`. The `input` of the call is
 * what would run: as the tool's schema has made it. What it throws ends the run.
 */
export type Permission = (
  call: ToolUseBlock,
  context: PermissionContext,
) => PermissionDecision | Promise<PermissionDecision>

/** The call's tool, and where the run is. */
export interface PermissionContext {
  readonly tool: Tool
  /** Aborts with the run: whoever is being asked need not answer any more. */
  readonly signal: AbortSignal
  /** The turn of the run that asked, from 1. */
  readonly turn: number
  /**
   * Somebody has allowed the call already, or will be asked anyway: by `rule`, as a rule of `allow` would; by `person`, so that
   * nobody need be asked again. What is never done is still to be denied.
   */
  readonly granted?: 'rule' | 'person' | undefined
}

/**
 * Yes, perhaps with other input, which is checked like the model's own; no, and what the model is told of it; a bare yes or no,
 * as `{ allow: name !== 'Bash' }`; or not now, with what whoever decides later is to be shown: the run ends with that call open.
 */
export type PermissionDecision =
  | { readonly allow: true; readonly input?: unknown; readonly defer?: undefined }
  | { readonly allow: false; readonly reason?: string | undefined; readonly defer?: undefined }
  | { readonly allow: boolean; readonly input?: undefined; readonly reason?: undefined; readonly defer?: undefined }
  | { readonly allow?: undefined; readonly defer: true; readonly data?: unknown }
