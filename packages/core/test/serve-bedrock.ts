import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Sha256 } from '@aws-crypto/sha256-js'
import { EventStreamCodec } from '@smithy/eventstream-codec'
import { SignatureV4 } from '@smithy/signature-v4'

export const awsKeys = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}

const codec = new EventStreamCodec(
  (bytes) => new TextDecoder().decode(bytes as Uint8Array),
  (said) => new TextEncoder().encode(said),
)
const header = (value: string) => ({ type: 'string' as const, value })

/** A message of an event stream, by AWS's own codec. */
export function awsMessage(headers: Record<string, string>, payload: unknown): Uint8Array {
  return codec.encode({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, header(value)])),
    body: new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload)),
  })
}

/** An event of the API as Bedrock streams it, with padding. */
export function awsChunk(event: unknown): Uint8Array {
  const bytes = Buffer.from(typeof event === 'string' ? event : JSON.stringify(event)).toString('base64')
  const headers = { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' }
  return awsMessage(headers, { bytes, p: 'abcdefghijklmnopq' })
}

export function awsException(name: string, message: string): Uint8Array {
  const headers = { ':exception-type': name, ':content-type': 'application/json', ':message-type': 'exception' }
  return awsMessage(headers, { message })
}

/** One request that has a right signature. */
export interface SignedRequest {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: unknown
}

export interface BedrockAnswer {
  status?: number
  headers?: Record<string, string>
  body: unknown
}

/**
 * A server that answers whoever signs as Bedrock demands. The signature is made again by AWS's own library, which is not the
 * one that signs.
 */
export async function serveBedrock(
  answer: (request: SignedRequest) => BedrockAnswer | Promise<BedrockAnswer>,
  { region = 'eu-west-1', service = 'bedrock', sessionToken = undefined as string | undefined } = {},
) {
  const received: SignedRequest[] = []
  const credentials = { ...awsKeys, ...(sessionToken && { sessionToken }) }
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: false })
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { method = '', url = '', headers } = request
    const refuse = (name: string, message: string) =>
      response
        .writeHead(403, { 'x-amzn-errortype': name, 'x-amzn-requestid': 'aws-0' })
        .end(JSON.stringify({ message }))
    const signed = headers.authorization?.match(/SignedHeaders=([^,]+)/)?.[1]?.split(';') ?? []
    if (!signed.includes('host') || !signed.includes('content-type')) {
      refuse('MissingAuthenticationTokenException', 'Missing Authentication Token')
      return
    }
    const { pathname, searchParams } = new URL(url, 'http://host')
    const again = await signer.sign(
      {
        ...{
          method,
          protocol: 'http:',
          hostname: '127.0.0.1',
          path: pathname,
          query: Object.fromEntries(searchParams),
          body,
        },
        // Of what AWS adds itself nothing may stand there twice.
        headers: Object.fromEntries(
          signed
            .filter((name) => !/^x-amz-(date|security-token)$/.test(name))
            .map((name) => [name, String(headers[name])]),
        ),
      },
      { signingDate: new Date(String(headers['x-amz-date']).replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')) },
    )
    if (again.headers.authorization !== headers.authorization) {
      refuse('InvalidSignatureException', 'The request signature we calculated does not match.')
      return
    }
    received.push({ method, url, headers, body: JSON.parse(body) })
    const { status = 200, headers: more, body: said } = await answer(received.at(-1)!)
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': 'aws-1', ...more })
    response.end(said instanceof Uint8Array ? said : JSON.stringify(said))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
