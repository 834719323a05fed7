import type { Client } from '../../client/client.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import type { FileMetadata } from '../../wire/index.ts'

/** What {@link uploadFile} sends. */
export interface FileUploadParams {
  /** Its `type` is the file's. `fs.openAsBlob(path)` gives one that is read from disk while it is sent. */
  file: Blob
  /** Default: the name of a `File`, or `unnamed`. Of a path the API keeps the last part. */
  filename?: string | undefined
  /** Seconds until the file is gone, 3,600 to 7,776,000. Default: it stays until it is deleted. */
  expires_in_seconds?: number | undefined
}

/**
 * Uploads a file, so that messages can refer to it by its id. It is read while it is sent, never held in memory as a
 * whole, and read again for another attempt. `timeoutMs` is for the whole upload: a large file may need more than its
 * default.
 *
 * @throws {ConfigError} `file` is no Blob, `expires_in_seconds` is out of bounds, or `baseURL` redirects
 * @throws {RequestTooLargeError} more than 500 MB; and as `createMessage`
 * @see https://platform.claude.com/docs/en/build-with-claude/files
 * @example
 * const blob = await openAsBlob('report.pdf', { type: 'application/pdf' })
 * const file = await uploadFile(client, { file: blob, filename: 'report.pdf' })
 * const source = { type: 'file', file_id: file.id }
 */
export async function uploadFile(
  client: Client,
  params: FileUploadParams,
  options: RequestOptions = {},
): Promise<FileMetadata> {
  const { file, filename, expires_in_seconds: seconds } = params
  if (!(file instanceof Blob)) throw new ConfigError('file must be a Blob.')
  const form = new FormData()
  // Many servers take a part with an empty name for no file.
  form.append('file', file, filename || (file as Partial<File>).name || 'unnamed')
  if (seconds !== undefined) {
    if (!(seconds >= 3_600 && seconds <= 7_776_000)) {
      throw new ConfigError('expires_in_seconds must be 3,600 to 7,776,000.')
    }
    form.append('expires_in_seconds', `${seconds}`)
  }
  const spec = { method: 'POST', path: '/v1/files', body: form }
  return send(client, spec, options, readJSON<FileMetadata>)
}
