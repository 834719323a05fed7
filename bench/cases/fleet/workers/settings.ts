import { appendFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { WorkerSettings } from '../asked.ts'

export const settings: WorkerSettings = JSON.parse(process.argv[2]!)

process.once('disconnect', () => process.exit())

/** Takes a while, and has its effect in the middle of it. */
export async function pay({ order }: { order: string }): Promise<string> {
  await setTimeout(settings.toolMs / 2)
  appendFileSync(settings.effects, `${order}\n`)
  await setTimeout(settings.toolMs / 2)
  return 'Done.'
}
