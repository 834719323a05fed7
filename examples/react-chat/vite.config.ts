import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

export default defineConfig({
  plugins: [react(), passOn()],
  // Of this repository, whose packages need no build then.
  resolve: { conditions: ['@enjamb/source', 'module', 'browser'] },
  server: { host: '127.0.0.1' },
})

/** Passes what the page asks on to the API, with the key, which stays here; without one, to a mock that repeats what it is told. */
function passOn(): Plugin {
  return {
    name: 'pass-on',
    apply: 'serve',
    async config() {
      const { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url = 'https://api.anthropic.com' } = process.env
      const target = key ? url : await startMock()
      return { server: { proxy: { '/v1': { target, changeOrigin: true, headers: { 'x-api-key': key ?? 'none' } } } } }
    },
  }
}

async function startMock(): Promise<string> {
  const { createMockServer } = await import('@enjamb/testing')
  const { url } = await createMockServer()
  return url
}
