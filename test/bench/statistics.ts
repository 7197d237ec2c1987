/** A quantile of values, with a fraction from 0 to 1; NaN without values. */
export const quantile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(part * (values.length - 1) + 0.5)] ?? NaN

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** A summary of delays. */
export const summaryOf = (delays: readonly number[]) => ({
  mean: mean(delays),
  p95: quantile(delays, 0.95),
  longest: quantile(delays, 1),
})
