import { awsChunk, serveBedrock } from '../../packages/core/test/serve-bedrock.ts'
import { serve } from '../../packages/core/test/serve-handler.ts'

const key = { 'x-api-key': 'k', 'anthropic-version': '2026-10-21', 'content-type': 'application/json' }

/** Has the API answer a request that came in another form. */
const ask = (api: string, body: object) =>
  fetch(`${api}/v1/messages`, { method: 'POST', headers: key, body: JSON.stringify(body) })

/** Bedrock before a server of the API: it checks signatures, and streams in binary. */
export function bedrockDoor(api: string, damage = (bytes: Buffer) => bytes) {
  return serveBedrock(async ({ url, body }) => {
    const [, id = '', operation] = /^\/model\/(.*)\/(invoke.*)$/.exec(decodeURIComponent(url)) ?? []
    const model = id.replace(/.*anthropic\./, '').replace(/-v\d.*/, '')
    const { anthropic_version: _, ...params } = body as Record<string, unknown>
    const stream = operation !== 'invoke'
    const answer = await ask(api, { ...params, model, stream })
    if (!stream || !answer.ok) return { status: answer.status, body: await answer.json() }
    const events = [...(await answer.text()).matchAll(/^data: (.*)$/gm)].map(([, data = '']) => awsChunk(data))
    return { headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: damage(Buffer.concat(events)) }
  })
}

/** Vertex AI before a server of the API, for one token. */
export function vertexDoor(api: string, token: string) {
  return serve(async (request) => {
    if (request.headers.get('authorization') !== `Bearer ${token}`) {
      return Response.json({ error: { code: 401, message: 'Who?', status: 'UNAUTHENTICATED' } }, { status: 401 })
    }
    const [, model = ''] = /\/publishers\/anthropic\/models\/(.*):(?:streamR|r)awPredict$/.exec(request.url) ?? []
    const { anthropic_version: _, ...params } = (await request.json()) as Record<string, unknown>
    return ask(api, { ...params, model: model.replace('@', '-') })
  })
}
