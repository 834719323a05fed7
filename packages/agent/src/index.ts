export const name = 'agent'
