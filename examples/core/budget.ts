import { BudgetExceededError, createClient, createMessage, createUsageMeter } from '@enjamb/core'
import { fileUsageStore } from '@enjamb/core/node'

// Five dollars a day, for all processes of this machine that use the folder.
const meter = createUsageMeter({
  store: fileUsageStore('./usage'),
  budgets: { default: { usd: 5, period: 'day' } },
})
const client = createClient({ middleware: [meter.middleware] })
const ask = (maxTokens: number) =>
  createMessage(client, {
    model: 'claude-haiku-4-5',
    max_tokens: maxTokens,
    messages: [{ role: 'user', content: 'Name three rivers.' }],
  })

await ask(100)
const { totalCost, remaining } = await meter.stats()
console.log(`spent ${totalCost}, ${remaining} dollars left`)

// What could break the budget is refused before it is sent.
await Promise.all(Array.from({ length: 60 }, () => ask(20_000))).catch((error) => {
  if (!(error instanceof BudgetExceededError)) throw error
  console.log(error.message)
})
