export const name = 'stream'
