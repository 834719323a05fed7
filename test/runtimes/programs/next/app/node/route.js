import { fileStore } from '@enjamb/agent/node'
import { bedrock } from '@enjamb/core/bedrock'
import { nodeFetch } from '@enjamb/core/node'
import { mcpTools } from '@enjamb/tools/mcp'
import { smoke } from '../../../smoke.mjs'

// What they load only when it is used is no matter for those who build without it.
const withOptionalPeers = [bedrock, nodeFetch, mcpTools]

/** On Node: `?url=` says where the mock API is, and `&folder=` where to keep sessions. */
export async function GET(request) {
  const { searchParams } = new URL(request.url)
  if (withOptionalPeers.some((each) => typeof each !== 'function')) return Response.json({})
  const openStore = () => fileStore(searchParams.get('folder'))
  return Response.json(await smoke({ url: searchParams.get('url'), openStore }))
}
