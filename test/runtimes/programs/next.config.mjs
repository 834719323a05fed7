// Else it looks for a project around this one.
export default { turbopack: { root: import.meta.dirname } }
