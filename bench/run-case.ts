import { leftOut } from './load-peer.ts'

/** Runs one benchmark in a process of its own: `run-case.ts <file>`. Its report goes to the parent. */
const { default: run } = await import(`./cases/${process.argv[2]}.ts`)
process.send?.({ ...(await run()), leftOut })
process.disconnect?.()
