/**
 * Full-jitter exponential backoff: a random wait from 0 to `base * 2^n`, at most `cap`, in ms.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const backoff = (
  { base, cap }: { readonly base: number; readonly cap: number },
  n: number,
  random: () => number,
): number => random() * Math.min(cap, base * 2 ** Math.min(n, 1_000))
