import { constants, promises as fs } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from '../../errors/config-error.ts'
import { rememberSecret } from '../../errors/redact.ts'
import type { AccessToken } from './request-token.ts'

/** What Anthropic's tools keep of a profile's token. */
export interface Credentials {
  readonly access_token?: string
  /** Seconds since 1970. */
  readonly expires_at?: number | null
  readonly refresh_token?: string
}

/**
 * @returns `undefined` where there is no file
 * @throws {ConfigError} others of this machine can read or write it, or it is no JSON
 */
export async function readCredentials(path: string): Promise<Credentials | undefined> {
  let text: string
  try {
    // Also of what a symbolic link leads to, as containers mount secrets.
    const mode = (await fs.stat(path)).mode & 0o777
    if (process.platform !== 'win32' && mode & 0o066)
      throw new ConfigError(`${path} must be of its owner alone: chmod 600 ${path}`)
    text = await fs.readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof ConfigError) throw error
    throw new ConfigError(`${path} must be a file that can be read: ${(error as Error).message}`)
  }
  let credentials: Credentials
  try {
    credentials = Object(JSON.parse(text))
  } catch {
    // Without its cause, which repeats the text.
    throw new ConfigError(`${path} must be JSON.`)
  }
  rememberSecret(credentials.access_token ?? null)
  rememberSecret(credentials.refresh_token ?? null)
  return credentials
}

/** The token in a file, if it has one. */
export function tokenOf({ access_token, expires_at }: Credentials): AccessToken | undefined {
  return access_token ? { token: access_token, expiresAt: expires_at ?? undefined } : undefined
}

/**
 * Puts a new token in its place, in one step and for its owner alone. What else stands in the file stays.
 *
 * @throws {ConfigError} it cannot be written
 */
export async function writeCredentials(path: string, before: Credentials | undefined, now: Credentials): Promise<void> {
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`
  try {
    await fs.mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await fs.open(temporary, 'w', 0o600)
    try {
      await file.writeFile(`${JSON.stringify({ ...before, version: '1.0', type: 'oauth_token', ...now }, null, 2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await fs.rename(temporary, path)
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => {})
    throw new ConfigError(`${path} must be a file that can be written: ${(error as Error).message}`)
  }
}

/** @throws {ConfigError} a file cannot be put in its place: before what it is to keep is spent */
export async function assertReplaceable(path: string): Promise<void> {
  await fs.access(dirname(path), constants.W_OK).catch(() => {
    throw new ConfigError(`${dirname(path)} must be a folder that can be written in: it keeps the next token.`)
  })
}
