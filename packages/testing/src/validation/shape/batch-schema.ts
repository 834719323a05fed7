import { z } from 'zod'

const most = 100_000

/** The shape of a new batch; that of its requests shows in their results only, as with the API. */
export const batchSchema = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        custom_id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
        params: z.record(z.string(), z.unknown()),
      }),
    )
    .min(1)
    .max(most),
})
