import { dirname } from 'node:path'

// Else it looks for a project around this one.
export default { turbopack: { root: dirname(import.meta.dirname) } }
