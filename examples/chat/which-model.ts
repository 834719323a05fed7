import { createChat, withAuto, withFallback } from '@enjamb/chat'
import { createUsageMeter } from '@enjamb/core'

const meter = createUsageMeter({ budgets: { default: { usd: 5, period: 'day' } } })
const chat = createChat({ middleware: [meter.middleware] })

// A model for each call, by the prompt and by what is left of the budget.
const auto = withAuto(chat, { remaining: meter })
const easy = await auto.chat('Name a river.')
const hard = await auto.chat('Explain and prove that there is no largest prime.')
console.log(easy.model, hard.model, hard.choice?.why)

// Another model where the first refuses, or is overloaded.
const careful = withFallback(chat, { models: ['opus', 'sonnet'] })
const reply = await careful.chat('How do vaccines work?', { model: 'fable' })
console.log(reply.model, reply.declined, reply.cost?.usd)
