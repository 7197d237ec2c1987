/** Milliseconds of a monotonic clock that all processes of a machine share. */
export const now = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000
