/** How long uploads take, learned from what polls found. All times have one unit. */
export interface Durations {
  /** An upload was known to go on at the age `from`, and a poll found that it still did at `to`. */
  readonly wentOn: (from: number, to: number) => void
  /** It was known to go on at `from`, and a poll found that it had ended by `to`. */
  readonly ended: (from: number, to: number) => void
  /**
   * The integral of the hazard up to an age: an upload that goes on at `a` still does so at `b` with
   * the probability `exp(hazardTo(a) - hazardTo(b))`.
   */
  readonly hazardTo: (age: number) => number
  /** How much longer an upload of this age goes on, in the mean. */
  readonly remaining: (age: number) => number
}

/** What is assumed before anything is known: a log-logistic distribution. */
export interface Prior {
  readonly median: number
  /** Greater is narrower. */
  readonly shape: number
}

/** Each bucket of ages is so much longer than the one before it. */
const growth = 1.4

const buckets = 26

/** The prior counts as this many ends, in each bucket. */
const priorEnds = 0.5

/** What was learned before that many ends counts half. */
const halfLife = 1_000

/**
 * Learns the hazard of uploads, which is constant within a bucket of ages: ends, per time that uploads
 * spent in it. Unlike a mean and a variance this follows any distribution, mixtures too, and uploads
 * that nobody watches to their end do not distort it. An end that a poll finds lies anywhere since the
 * poll before, so it is spread over that time as the distribution known so far has it.
 */
export const learnedDurations = ({ median, shape }: Prior): Durations => {
  const first = median / 64
  /** Where each bucket begins; the last one has no end. */
  const begins = Array.from({ length: buckets }, (_, nth) =>
    nth === 0 ? 0 : first * growth ** (nth - 1),
  )
  const beginOf = (nth: number): number => begins[nth] ?? Infinity
  /** The time in each bucket that the prior's ends would take. */
  const priorTimes = Float64Array.from(begins, (begin, nth) => {
    const age = nth === buckets - 1 ? begin : (begin + beginOf(nth + 1)) / 2
    return (priorEnds * age * (1 + (median / age) ** shape)) / shape
  })
  const ends = new Float64Array(buckets)
  const spent = new Float64Array(buckets)
  const hazards = new Float64Array(buckets)
  /** At the beginning of each bucket. */
  const hazardsTo = new Float64Array(buckets)
  const remainings = new Float64Array(buckets)
  let isCurrent = false

  const bucketOf = (age: number): number => {
    const nth = 1 + Math.floor(Math.log(age / first) / Math.log(growth))
    return Math.max(0, Math.min(buckets - 1, nth))
  }

  const at = (values: Float64Array, nth: number): number => values[nth] ?? NaN

  /** How much longer an upload goes on that goes on in a bucket, `left` before the end of it. */
  const remainingIn = (nth: number, left: number): number => {
    const hazard = at(hazards, nth)
    if (nth === buckets - 1) return 1 / hazard
    const staying = Math.exp(-hazard * left)
    return (1 - staying) / hazard + staying * at(remainings, nth + 1)
  }

  const bringUpToDate = (): void => {
    if (isCurrent) return
    isCurrent = true
    let sum = 0
    for (const [nth, begin] of begins.entries()) {
      const hazard = (priorEnds + at(ends, nth)) / (at(priorTimes, nth) + at(spent, nth))
      hazards[nth] = hazard
      hazardsTo[nth] = sum
      sum += hazard * (beginOf(nth + 1) - begin)
    }
    for (let nth = buckets - 1; nth >= 0; nth -= 1)
      remainings[nth] = remainingIn(nth, beginOf(nth + 1) - beginOf(nth))
  }

  const hazardTo = (age: number): number => {
    bringUpToDate()
    const nth = bucketOf(age)
    return at(hazardsTo, nth) + at(hazards, nth) * (age - beginOf(nth))
  }

  const add = (values: Float64Array, nth: number, value: number): void => {
    values[nth] = at(values, nth) + value
  }

  /** The parts of a time that lie in each bucket. */
  const forEachPart = (
    from: number,
    to: number,
    visit: (nth: number, from: number, to: number) => void,
  ): void => {
    for (let nth = bucketOf(from), begin = from; begin < to; nth += 1) {
      const end = Math.min(to, beginOf(nth + 1))
      visit(nth, begin, end)
      begin = end
    }
  }

  const wentOn = (from: number, to: number): void => {
    forEachPart(from, to, (nth, begin, end) => {
      add(spent, nth, end - begin)
    })
    isCurrent = false
  }

  const forget = (): void => {
    const kept = 2 ** (-1 / halfLife)
    ends.forEach((value, nth) => (ends[nth] = value * kept))
    spent.forEach((value, nth) => (spent[nth] = value * kept))
  }

  return {
    wentOn,
    ended: (from, to) => {
      if (!(to > from)) return
      const before = hazardTo(from)
      const staying = (age: number): number => Math.exp(before - hazardTo(age))
      const all = 1 - staying(to)
      forget()
      forEachPart(from, to, (nth, begin, end) => {
        const here = (staying(begin) - staying(end)) / all
        const later = (staying(end) - staying(to)) / all
        add(ends, nth, here)
        // Half of its part, about, is what an upload spends in the bucket in which it ends.
        add(spent, nth, (end - begin) * (later + here / 2))
      })
      isCurrent = false
    },
    hazardTo,
    remaining: age => {
      bringUpToDate()
      const nth = bucketOf(age)
      return remainingIn(nth, beginOf(nth + 1) - age)
    },
  }
}
