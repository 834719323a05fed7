import { memoryStore } from '@enjamb/agent'
import { smoke } from './smoke.mjs'

// In a worker, which has no disk: a request says as `?url=` where the mock API is, and gets what came of it.
export default {
  async fetch(request) {
    const store = memoryStore()
    const url = new URL(request.url).searchParams.get('url')
    return Response.json(await smoke({ url, openStore: () => store }))
  },
}
