import type { CacheControl } from '../cache-control.ts'

/** The browser tools that the model knows; you drive the browser. */
export interface BrowserToolset {
  type: 'browser_toolset_20260801'
  cache_control?: CacheControl | null
  configs?: { [Name in BrowserToolName]?: ToolsetMemberConfig | null } | null
}

/** The screen, mouse and keyboard tools that the model knows; you drive the computer. */
export interface ComputerToolset {
  type: 'computer_toolset_20260801'
  cache_control?: CacheControl | null
  configs?: { [Name in ComputerToolName]?: ToolsetMemberConfig | null } | null
}

/** Whether one action of a toolset is offered, and when the model is told of it. */
export interface ToolsetMemberConfig {
  defer_loading?: boolean | null
  enabled?: boolean | null
}

type PointerToolName =
  | 'double_click'
  | 'hold_key'
  | 'key'
  | 'left_click'
  | 'left_click_drag'
  | 'left_mouse_down'
  | 'left_mouse_up'
  | 'middle_click'
  | 'mouse_move'
  | 'right_click'
  | 'screenshot'
  | 'scroll'
  | 'triple_click'
  | 'type'
  | 'wait'
  | 'zoom'

/** An action of the computer toolset. */
export type ComputerToolName = PointerToolName | 'cursor_position'

/** An action of the browser toolset. */
export type BrowserToolName =
  | PointerToolName
  | 'close_tab'
  | 'file_upload'
  | 'find'
  | 'form_input'
  | 'get_page_text'
  | 'hover'
  | 'javascript_exec'
  | 'list_tabs'
  | 'navigate'
  | 'new_tab'
  | 'read_console'
  | 'read_network'
  | 'read_page'
  | 'scroll_to'
  | 'switch_tab'
