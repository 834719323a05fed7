import { onAbort as on } from '#platform'

/**
 * Calls back when a signal aborts, unless what it gives is called before. However many wait for one signal, Node does not
 * warn of a leak.
 */
export const onAbort: (signal: AbortSignal | undefined, callback: () => void) => () => void = on
