// One for all: a decoder that is not streaming keeps nothing between calls.
export const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })
