import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers'
import { GoogleAuth } from 'google-auth-library'
import { expectTypeOf, test } from 'vitest'
import { createClient } from '../index.ts'
import { type BedrockGeo, bedrock, bedrockMantle } from './bedrock/index.ts'
import { foundry } from './foundry/index.ts'
import { vertex } from './vertex/index.ts'

test('a cloud gives options of a client, to which others may be added', () => {
  createClient(foundry({ resource: 'r', apiKey: 'k' }))
  createClient({ ...foundry({ resource: 'r', authToken: async () => 't' }), timeoutMs: 1_000 })
  createClient({ ...vertex({ accessToken: 't' }), retry: { maxRetries: 0 } })
  createClient({ ...bedrock(), middleware: [] })
  createClient(bedrockMantle({ region: 'eu-west-1', apiKey: async () => 'k' }))
  // @ts-expect-error there is no such option
  foundry({ endpoint: 'x' })
  // @ts-expect-error it must be given
  vertex({ project: 'p', region: 'global' })
})

test("credentials come from the libraries of the clouds' makers", () => {
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' })
  vertex({ accessToken: () => auth.getAccessToken() })
  bedrock({ credentials: fromNodeProviderChain() })
  bedrock({ credentials: fromTemporaryCredentials({ params: { RoleArn: 'arn:aws:iam::1:role/r' } }) })
  bedrock({ credentials: { accessKeyId: 'a', secretAccessKey: 's', sessionToken: undefined } })
  // @ts-expect-error half of them
  bedrock({ credentials: { accessKeyId: 'a' } })
})

test('a geography is one that Bedrock has', () => {
  expectTypeOf<'global' | 'in-region' | 'eu'>().toExtend<BedrockGeo>()
  // @ts-expect-error it is a region
  bedrock({ geo: 'eu-west-1' })
})
