import { invalidRequest, Rejection } from '../errors/rejection.ts'
import { apiVersions } from './api-versions.ts'
import type { IncomingRequest } from './incoming-request.ts'

/** @throws {Rejection} 401 without a credential that is accepted; 400 without a version that there is */
export function checkCredentials(headers: IncomingRequest['headers'], apiKeys: readonly string[] | undefined): void {
  const key = headers['x-api-key']?.trim()
  if (key) checkKey(key, apiKeys)
  else checkBearer(headers, apiKeys)
  const version = headers['anthropic-version']
  if (!version) throw invalidRequest('anthropic-version: header is required')
  if (!apiVersions.includes(version)) throw invalidRequest(`anthropic-version: "${version}" is not a valid version`)
}

function checkKey(key: string, apiKeys: readonly string[] | undefined): void {
  const isToken = key.startsWith('sk-ant-oat')
  if (isToken || (apiKeys && !apiKeys.includes(key))) throw unauthenticated('invalid x-api-key')
}

function checkBearer(headers: IncomingRequest['headers'], apiKeys: readonly string[] | undefined): void {
  const token = /^Bearer\s+(\S+)$/i.exec(headers.authorization?.trim() ?? '')?.[1]
  if (!token) throw unauthenticated('x-api-key header is required')
  if (apiKeys && !apiKeys.includes(token)) throw unauthenticated('Invalid bearer token')
  const betas = headers['anthropic-beta'] ?? ''
  if (token.startsWith('sk-ant-oat') && !betas.includes('oauth-2025-04-20')) {
    throw unauthenticated('OAuth authentication is currently not supported.')
  }
}

function unauthenticated(message: string): Rejection {
  return new Rejection(message, { type: 'authentication_error' })
}
