import { runPnpm } from './pnpm.mjs'

// `pack.mjs`: the tarballs that would be published, to be installed together from `tarballs`.
const { ok, output } = await runPnpm("--filter './packages/*' pack --pack-destination tarballs")
if (!ok) console.error(output)
process.exitCode = ok ? 0 : 1
