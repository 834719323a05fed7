import type { Platform } from '../../platform.ts'

/** A model that is one word is an alias: the API knows ids alone. */
export const explain: Platform['explain'] = (message) =>
  message.replace(/^404 .*\bmodel: \w+$/, '$& (resolveModel gives the id of an alias)')
