export const credentialNames = 'apiKey, authToken or ANTHROPIC_API_KEY'
