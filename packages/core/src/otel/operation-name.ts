/** By what is asked, from `/v1/` on, ids left out; the names are those of the functions that ask it. */
const operations: Readonly<Record<string, string>> = {
  'POST messages': 'chat',
  'POST messages/count_tokens': 'count_tokens',
  'POST messages/batches': 'create_batch',
  'GET messages/batches': 'list_batches',
  'GET messages/batches/*': 'retrieve_batch',
  'DELETE messages/batches/*': 'delete_batch',
  'POST messages/batches/*/cancel': 'cancel_batch',
  'GET messages/batches/*/results': 'batch_results',
  'GET models': 'list_models',
  'GET models/*': 'retrieve_model',
  'POST files': 'upload_file',
  'GET files': 'list_files',
  'GET files/*': 'retrieve_file',
  'DELETE files/*': 'delete_file',
  'GET files/*/content': 'download_file',
}

/** What a request does, as `gen_ai.operation.name`: of `chat` the conventions know, the others are our own. */
export function operationName(method: string, pathname: string): string {
  const path = pathname.replace(/^.*\/v1\//, '').replace(/^(messages\/batches|models|files)\/[^/]+/, '$1/*')
  // A path that we do not know may hold an id, of which there are too many for a name.
  return operations[`${method} ${path}`] ?? method
}
