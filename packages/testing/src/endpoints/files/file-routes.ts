import { invalidRequest, Rejection } from '../../errors/rejection.ts'
import { jsonResponse } from '../../http/json-response.ts'
import type { OutgoingResponse } from '../../http/outgoing-response.ts'
import { paginate } from '../../http/paginate.ts'
import type { OpenExchange } from '../exchange.ts'
import type { StoredFile } from './stored-file.ts'

const mostNameLength = 255

/** `POST /v1/files`: a form with a `file`, which cannot be downloaded again: only files that tools made can. */
export async function uploadFile({ request, headers, newId, state }: OpenExchange): Promise<OutgoingResponse> {
  const file = await fileOf(request.body, request.headers['content-type'] ?? '')
  const id = newId('file')
  const info = {
    id,
    type: 'file' as const,
    filename: file.name.split(/[/\\]/).at(-1) || 'unnamed',
    mime_type: file.type || 'application/octet-stream',
    size_bytes: file.size,
    created_at: new Date(state.options.now()).toISOString(),
    downloadable: false,
    expires_at: null,
  }
  state.files.set(id, { info, bytes: new Uint8Array(await file.arrayBuffer()) })
  return jsonResponse(info, headers)
}

/** `GET /v1/files`: the newest first, in pages of both of the API's kinds. */
export function listFiles({ request, headers, state }: OpenExchange): OutgoingResponse {
  const query = new URLSearchParams(request.query)
  const cursor = query.get('page')
  if (cursor) query.set('after_id', cursor)
  const infos = [...state.files.values()].map(({ info }) => info).reverse()
  const page = paginate(infos, query)
  return jsonResponse({ ...page, next_page: page.has_more ? page.last_id : null }, headers)
}

/** `GET /v1/files/{id}` */
export function retrieveFile(exchange: OpenExchange): OutgoingResponse {
  return jsonResponse(findFile(exchange).info, exchange.headers)
}

/** `GET /v1/files/{id}/content` */
export function downloadFile(exchange: OpenExchange): OutgoingResponse {
  const { info, bytes } = findFile(exchange)
  if (!info.downloadable)
    throw invalidRequest(`File ${info.id} is not downloadable: only files that tools have made are.`)
  return { status: 200, headers: { ...exchange.headers, 'content-type': info.mime_type }, body: bytes }
}

/** `DELETE /v1/files/{id}` */
export function deleteFile(exchange: OpenExchange): OutgoingResponse {
  const { id } = findFile(exchange).info
  exchange.state.files.delete(id)
  return jsonResponse({ id, type: 'file_deleted' }, exchange.headers)
}

function findFile({ id, state }: OpenExchange): StoredFile {
  const file = state.files.get(id)
  if (!file) throw new Rejection(`File not found: ${id}`, { type: 'not_found_error' })
  return file
}

function checkName(name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a name
  if (name.length === 0 || name.length > mostNameLength || /[<>:"|?*\x00-\x1f]/.test(name)) {
    throw invalidRequest(
      `Invalid filename: it must be 1 to ${mostNameLength} characters long, without any of < > : " | ? * or control characters`,
    )
  }
}

async function fileOf(bytes: Uint8Array<ArrayBuffer> | undefined, contentType: string): Promise<File> {
  const form = await new Response(bytes ?? null, { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined)
  const file = form?.get('file')
  if (!(file instanceof File)) throw invalidRequest('file: Field required')
  checkName(file.name)
  return file
}
