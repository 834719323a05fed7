import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

interface StartOptions {
  args?: string[]
  cwd?: string
  /** More of the environment. */
  env?: Record<string, string> | undefined
}

/** Starts an example on the sources of the packages, with the address of an API and nothing of the surroundings. */
export function startExample(file: string, api: string, { args = [], cwd, env }: StartOptions = {}) {
  const { PATH = '', HOME = '' } = process.env
  return spawn(process.execPath, ['--import', tsx, '-C', '@enjamb/source', file, ...args], {
    cwd,
    env: { PATH, HOME, ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: api, ...env },
  })
}
