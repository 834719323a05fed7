import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import type { MockServer } from '@enjamb/testing'

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** Runs an example on the sources of the packages, against a server and in a folder; where it asks `y/N`, it gets an answer. */
export async function runExample(file: string, { url }: MockServer, cwd: string, answer = '') {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, ['--import', tsx, '-C', '@enjamb/source', file], {
    cwd,
    env: { PATH, HOME, ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: url },
  })
  child.stdout.on('data', (part) => String(part).includes('[y/N]') && child.stdin.end(answer))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { out, err }
}
