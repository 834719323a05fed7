import { type Caller, callers } from './callers.ts'

/** Prints the bytes that one call allocates: `allocations.ts <caller>`, with room for all of them to stay uncollected. */
const call = callers[process.argv[2] as Caller]
const calls = 2_000
for (let n = 0; n < calls; n++) await call()
globalThis.gc!()
const before = process.memoryUsage().heapUsed
for (let n = 0; n < calls; n++) await call()
console.log((process.memoryUsage().heapUsed - before) / calls)
