import type { Platform } from '../../platform.ts'

const passed = /* @__PURE__ */ new WeakSet<object>()

/** A long history is sent again with each turn. */
export const unseen: Platform['unseen'] = function* (messages) {
  for (const message of messages) {
    if (passed.has(message)) continue
    yield message
    // Not where whoever looked at it went no further.
    passed.add(message)
  }
}
