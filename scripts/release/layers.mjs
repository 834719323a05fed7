/** The packages, each behind those that it needs. */
export const layers = ['core', 'stream', 'tools', 'testing', 'chat', 'agent']
