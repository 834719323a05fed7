/** The span of time that a waterfall shows. */
export interface Axis {
  startedAt: number
  endedAt: number
}

/** A bar in its place on the axis, in percent; what lies beyond the axis stands at its edge. */
export function barHTML({ startedAt, endedAt }: Axis, axis: Axis): string {
  const length = Math.max(1, axis.endedAt - axis.startedAt)
  const place = (time: number) => Math.min(100, Math.max(0, ((time - axis.startedAt) / length) * 100))
  const left = Math.min(place(startedAt), 99.5)
  const width = Math.max(0, place(endedAt) - left)
  return `<span class="bar"><i style="left:${round(left)}%;width:${round(width)}%"></i></span>`
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100
}
