export function jsonResponse(value: unknown, headers: Record<string, string>): Response {
  return new Response(JSON.stringify(value), { headers: { ...headers, 'content-type': 'application/json' } })
}
