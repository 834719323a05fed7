#!/usr/bin/env node
import { env, stderr, stdin, stdout } from 'node:process'
import { runTerminal } from './run-terminal.ts'

// Whoever reads may leave, as `head` does.
stdout.on('error', () => process.exit(0))
process.exitCode = await runTerminal(process.argv.slice(2), { input: stdin, output: stdout, errors: stderr, env })
