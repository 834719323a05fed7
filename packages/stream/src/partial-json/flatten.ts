const beginning = /^/

/**
 * Makes one piece of a string that was put together: to search in it, the engine does so. Else it stays a rope, with nodes
 * that take more memory than the text and that the collector has to move about for as long as the string lives.
 */
export function flatten(text: string): void {
  beginning.test(text)
}
