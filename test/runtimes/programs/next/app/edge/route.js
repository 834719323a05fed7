import worker from '../../../worker.mjs'

export const runtime = 'edge'
export const GET = (request) => worker.fetch(request)
