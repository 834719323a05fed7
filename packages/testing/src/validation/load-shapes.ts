type Shapes = typeof import('./shape/find-shape-problem.ts')

let loading: Promise<Shapes> | undefined

/** The schemas, loaded when a body first has to be checked: with zod they are most of what this package weighs. */
export function loadShapes(): Promise<Shapes> {
  loading ??= import('./shape/find-shape-problem.ts')
  return loading
}
