/** The value below which a part of the values lie, from 0 to 1; NaN of none. */
export const quantile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(part * (values.length - 1) + 0.5)] ?? NaN

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** What the figures show of delays. */
export const summaryOf = (delays: readonly number[]) => ({
  mean: mean(delays),
  p95: quantile(delays, 0.95),
  longest: quantile(delays, 1),
})
