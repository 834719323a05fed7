import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installRuntime, type Runtime } from '../../scripts/runtimes.ts'
import { runProgram } from './run-program.ts'
import { packageNames } from './scratch-project.ts'
import type { SmokeTest } from './smoke-test.ts'

const mcpServer = fileURLToPath(new URL('../../packages/tools/test/odd-mcp-server.mjs', import.meta.url))

/** The checks in a runtime that is a program, with sessions in files. */
export function runServer(runtime: Runtime): SmokeTest['run'] {
  return (project, url) => {
    const args = [join(project, 'server.mjs'), url, mkdtempSync(join(project, 'sessions-')), mcpServer]
    return runProgram(installRuntime(runtime), [...(runtime.args ?? []), ...args, ...packageNames])
  }
}
