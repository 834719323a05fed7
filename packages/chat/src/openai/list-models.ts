import { findModel } from '@enjamb/core'

/** Those of a table, or the families of Claude's. */
export function listModels(table: { readonly [name: string]: string } | undefined): object {
  const names = Object.keys(table ?? { haiku: '', sonnet: '', opus: '', fable: '' })
  return { object: 'list', data: names.map((name) => describe(name, table?.[name] ?? name)) }
}

/** @param modelOf throws where there is no such model */
export function modelInfo(modelOf: (name: string) => string, name: string): object {
  const decoded = decodeURIComponent(name)
  return describe(decoded, modelOf(decoded))
}

function describe(name: string, model: string): object {
  const date = findModel(model)?.snapshot?.match(/(\d{4})(\d\d)(\d\d)$/)
  const created = date ? Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3])) / 1000 : 0
  return { id: name, object: 'model', created, owned_by: 'anthropic' }
}
