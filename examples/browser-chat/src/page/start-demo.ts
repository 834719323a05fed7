/** Has the service worker answer in place of a server, from its first request on. */
export async function startDemo(): Promise<void> {
  const { serviceWorker } = navigator
  await serviceWorker.register('./worker.js')
  await serviceWorker.ready
  if (serviceWorker.controller) return
  await new Promise((resolve) => serviceWorker.addEventListener('controllerchange', resolve, { once: true }))
}
