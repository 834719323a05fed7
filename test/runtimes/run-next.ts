import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { installRuntime, next, node24 } from '../../scripts/runtimes.ts'
import { linkFolder } from './link-folder.ts'
import type { Outcomes } from './run-program.ts'
import type { SmokeTest } from './smoke-test.ts'

const builds = new Map<string, Promise<unknown>>()

/** The checks in a route of Next.js, as `next build` makes it and `next start` serves it, on Node or on its edge runtime. */
export function runNext(route: 'node' | 'edge'): SmokeTest['run'] {
  return async (project, url) => {
    if (!builds.has(project)) builds.set(project, build(project))
    await builds.get(project)
    const server = spawn(...command('start', '--port', '0', '--hostname', '127.0.0.1'), optionsFor(project))
    try {
      const address = await addressOf(server.stdout)
      const query = new URLSearchParams({ url, folder: mkdtempSync(join(project, 'sessions-')) })
      const response = await fetch(`${address}/${route}?${query}`)
      if (!response.ok) throw new Error(await response.text())
      return (await response.json()) as Outcomes
    } finally {
      if (server.exitCode === null && server.kill()) await once(server, 'close')
    }
  }
}

async function build(project: string): Promise<void> {
  linkFolder(join(dirname(installRuntime(next)), '../../..'), join(project, 'next/node_modules'))
  await promisify(execFile)(...command('build'), optionsFor(project))
}

const command = (...args: string[]): [string, string[]] => [
  installRuntime(node24),
  ['node_modules/next/dist/bin/next', ...args],
]

function optionsFor(project: string) {
  // Nothing of the test runner's own.
  return {
    cwd: join(project, 'next'),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NEXT_TELEMETRY_DISABLED: '1', CI: '1' },
  }
}

async function addressOf(output: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const chunk of output) {
    text += chunk
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]
    if (address && text.includes('Ready')) return address
  }
  throw new Error(text)
}
