/** The first version without sampling parameters, and with stricter rules for blocks in messages. */
export const currentVersion = '2026-10-21'

/** Every value of `anthropic-version` that the API serves. */
export const apiVersions: readonly string[] = ['2023-01-01', '2023-06-01', currentVersion]
