import { expect, it } from 'vitest'
import { models } from '../models/models.generated.ts'
import { rateLimitPool } from './rate-limit-pool.ts'

it.each(models)('puts $id into the pool that the facts say, under each of its names', (model) => {
  for (const name of [model.id, model.alias, model.snapshot, `${model.id}-20270101`]) {
    if (name) expect(rateLimitPool(name), name).toBe(model.rateLimitPool)
  }
})

it('keeps a model that is not known apart from those that are', () => {
  const pools = new Set(models.map((model) => model.rateLimitPool))
  for (const name of ['claude-opus-6', 'claude-opus-5-6', 'claude-opus-40', 'claude-fable-5-10', 'my-model']) {
    expect(rateLimitPool(name)).toBe(name)
    expect(pools.has(name)).toBe(false)
  }
})
