export type { CloudClientOptions, CloudOptions } from '../cloud-options.ts'
export type { AwsAuthOptions } from './auth/aws-auth.ts'
export type { AwsCredentialRequest, AwsCredentialSource, AwsCredentials } from './auth/aws-credentials.ts'
export { type BedrockOptions, bedrock } from './bedrock.ts'
export { type BedrockMantleOptions, bedrockMantle } from './bedrock-mantle.ts'
export type { BedrockGeo } from './bedrock-model.ts'
export {
  createEventStreamDecoder,
  type EventStreamDecoder,
  type EventStreamDecoderOptions,
  type EventStreamMessage,
} from './event-stream/create-event-stream-decoder.ts'
export { parseEventHeaders } from './event-stream/parse-event-headers.ts'
