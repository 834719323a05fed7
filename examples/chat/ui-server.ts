import { createChat, fromUIMessages, toUIMessageResponse, type UIMessageLike } from '@enjamb/chat'

const chat = createChat({ model: 'haiku', system: 'You are a kind librarian.' })

/** A route for the AI SDK's `useChat`, or assistant-ui, as they are. */
export async function POST(request: Request): Promise<Response> {
  const { messages } = (await request.json()) as { messages: UIMessageLike[] }
  const stream = chat.stream(fromUIMessages(messages), { signal: request.signal })
  return toUIMessageResponse(stream, { metadata: ({ usage, cost }) => ({ usage, usd: cost?.usd }) })
}

// What the client's hook sends, and gets.
const messages = [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'Which book is about a whale?' }] }]
const request = new Request('http://localhost/api/chat', { method: 'POST', body: JSON.stringify({ messages }) })
console.log(await (await POST(request)).text())
