import { createChat } from '@enjamb/chat'
import { foundry } from '@enjamb/core/foundry'

// ANTHROPIC_FOUNDRY_RESOURCE and ANTHROPIC_FOUNDRY_API_KEY; `model` is the name of a deployment.
const chat = createChat({ ...foundry(), model: 'claude-haiku-4-5' })
const { text, cost } = await chat.chat('Name three rivers.')
console.log(text)
console.log(`${cost?.usd} dollars`)
