import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { models } from './models.generated.ts'

test('regenerating the models gives the files as they are', async () => {
  const script = fileURLToPath(new URL('../../scripts/generate-models.mjs', import.meta.url))
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toMatchObject({ stderr: '' })
})

test('every price is a positive whole number of nano-dollars', () => {
  for (const { id, prices } of models) {
    if (!prices) continue
    const { longPrompt, usSurcharge, ...rest } = prices
    for (const price of Object.values({ ...rest, ...longPrompt })) {
      expect(Number.isSafeInteger(price) && price > 0, id).toBe(true)
    }
  }
})

test('no id, dated id or alias names two models', () => {
  const names = models.flatMap((model) => [model.id, model.snapshot, model.alias].filter((name) => name !== undefined))
  expect(new Set(names).size).toBe(names.length)
})

test('effort goes with adaptive thinking', () => {
  for (const model of models) expect(model.effort, model.id).toBe(model.thinking === 'adaptive')
})
