export const name = 'tools'
