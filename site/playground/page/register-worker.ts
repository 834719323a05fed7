/** Starts the service worker that answers in place of the API; resolves to what is in the way, if anything is. */
export async function registerWorker(base: string): Promise<string | undefined> {
  if (!('serviceWorker' in navigator)) {
    return 'Snippets cannot run here: the API is played by a service worker, which a browser lets only pages of https or localhost have, and in some browsers no private window.'
  }
  try {
    const options = { scope: `${base}playground` }
    const registration = await navigator.serviceWorker.register(`${base}playground-worker.js`, options)
    const worker = registration.installing ?? registration.waiting ?? registration.active
    if (worker) await activated(worker)
    return undefined
  } catch (error) {
    return `Snippets cannot run here: the service worker that plays the API did not start (${(error as Error).message}).`
  }
}

function activated(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === 'activated') resolve()
      if (worker.state === 'redundant') reject(new Error('it failed'))
    }
    worker.addEventListener('statechange', look)
    look()
  })
}
