export const name = 'chat'
