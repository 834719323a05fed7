/**
 * A value while it is being written: anything may still be missing, and a text may be cut, so that one of several texts
 * is any text as long as it is not whole.
 */
export type DeepPartial<T> = unknown extends T
  ? unknown
  : T extends string
    ? string
    : T extends readonly unknown[]
      ? DeepPartialList<T>
      : T extends object
        ? { [Key in keyof T]?: DeepPartial<T[Key]> }
        : T

type DeepPartialList<T extends readonly unknown[]> = number extends T['length']
  ? DeepPartial<T[number]>[]
  : { [Index in keyof T]?: DeepPartial<T[Index]> }
