import type { ClientOptions } from '@enjamb/core'
import { profileOptions } from '@enjamb/core/node'

const variables = ['ANTHROPIC_API_KEY', 'CLAUDE_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN']

export const howToGetAKey = `There is no key for the API here.

  Get one at https://platform.claude.com/settings/keys, then: export ANTHROPIC_API_KEY=sk-ant-…
  Or sign in with Anthropic's own tool: ant auth login
`

/** What a client signs in with; `undefined` where there is nothing. */
export function findCredential(env: NodeJS.ProcessEnv): ClientOptions | undefined {
  // The client itself finds those.
  if (variables.some((name) => env[name]?.trim())) return {}
  try {
    return profileOptions()
  } catch (error) {
    // One that was asked for by name is to be heard of.
    if (env.ANTHROPIC_PROFILE) throw error
    return undefined
  }
}
