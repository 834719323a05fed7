/** Whether this is a page or one of its workers, whose every request shows its key to whoever looks. */
export function inBrowser(): boolean {
  return typeof document === 'object' || typeof (globalThis as { importScripts?: unknown }).importScripts === 'function'
}
