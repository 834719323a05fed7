import type { Checks } from './checks.ts'

/**
 * A browser's bundle leaves out what only tells a developer of slips: they show during development, and where the same code
 * runs on Node. The API refuses most of them, too.
 */
export const checkDefinition: Checks['checkDefinition'] = () => {}

export const checkRun: Checks['checkRun'] = () => {}

export const checkTools: Checks['checkTools'] = () => {}

export const checkInputSchema: Checks['checkInputSchema'] = (_, read) => read()
