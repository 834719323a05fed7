import { createChat } from '@enjamb/chat'
import { vertex } from '@enjamb/core/vertex'

// The project comes from ANTHROPIC_VERTEX_PROJECT_ID. With google-auth-library: () => auth.getAccessToken()
const accessToken = () => process.env.GOOGLE_ACCESS_TOKEN
const chat = createChat({ ...vertex({ region: 'europe-west1', accessToken }), model: 'claude-haiku-4-5' })
const reply = chat.stream('Name three rivers.')
for await (const text of reply.text()) process.stdout.write(text)
const { cost } = await reply.final()
console.log(`\n${cost?.usd} dollars`)
