// `native.mjs <bundle> <whatwg-fetch> <url> [expo]` runs an application with what React Native 0.88 has of the Web, which is
// less than Node has, and with its fetch, which is whatwg-fetch; or with Expo's, and what it adds. It prints what came of it.
import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'

const [bundle, whatwgFetch, url, expo] = process.argv.slice(2)

/** As whatwg-fetch needs it: an answer is there when all of it is. */
class XMLHttpRequest {
  #controller = new AbortController()
  #headers = new Headers()

  open(method, address) {
    this.method = method
    this.responseURL = address
  }

  setRequestHeader(name, value) {
    this.#headers.append(name, value)
  }

  async send(body) {
    const { method, responseURL } = this
    try {
      const { signal } = this.#controller
      const response = await fetch(responseURL, { method, body, signal, headers: this.#headers })
      this.response = this.responseText = await response.text()
      this.status = response.status
      this.statusText = response.statusText
      this.headers = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
      this.onload()
    } catch {
      if (!this.#controller.signal.aborted) this.onerror()
    }
  }

  getAllResponseHeaders() {
    return this.headers
  }

  abort() {
    this.#controller.abort()
    this.onabort()
  }
}

class NativeURL extends URL {}
Object.defineProperty(NativeURL, 'canParse', { value: undefined })

const native = {
  ...{ console, performance, process: { env: { NODE_ENV: 'production' } } },
  ...{ setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, queueMicrotask },
  ...{ AbortController, AbortSignal, Event, EventTarget, TextEncoder, TextDecoder, Blob, FormData, URLSearchParams },
  ...{ URL: NativeURL, XMLHttpRequest, navigator: { product: 'ReactNative' } },
}
const context = createContext(native)
native.window = native.self = native.global = context
runInContext(readFileSync(whatwgFetch, 'utf8'), context)
// Its Response stays the one of whatwg-fetch; `crypto` is what an application takes from expo-crypto.
if (expo)
  Object.assign(native, { fetch, ReadableStream, structuredClone, DOMException, TextDecoderStream, URL, crypto })
runInContext(readFileSync(bundle, 'utf8'), context)
console.log(JSON.stringify(await runInContext(`runSmoke(${JSON.stringify(url)})`, context)))
