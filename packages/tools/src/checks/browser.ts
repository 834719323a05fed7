/** A browser's bundle leaves out what only tells a developer of slips: they show where the same code runs on Node. */
export function checkDefinition(): void {}

export function checkRun(): void {}
