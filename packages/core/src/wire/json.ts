/** Anything that `JSON.parse` can return. */
export type JSONValue = string | number | boolean | null | JSONValue[] | JSONObject

/** A JSON object. */
export interface JSONObject {
  [key: string]: JSONValue
}
