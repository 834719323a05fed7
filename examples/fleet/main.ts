import { keepAsking } from './keep-asking.ts'
import { servePage } from './serve-page.ts'
import { startFleet } from './start-fleet.ts'

const fleet = await startFleet(3)
const asking = keepAsking(fleet, 8)
const page = await servePage(fleet, asking.counts, Number(process.env.PORT ?? 0))
console.log(`Three workers are at work: ${page.url} shows them. Ctrl-C ends them.`)
asking.ended.then(() => asking.isStopped() || console.log('The cap is reached: nothing more is asked.'))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    asking.stop()
    await page.close()
    await fleet.close()
    process.exit()
  })
}
