/** How long uploads take, learned from what polls found. All times have one unit. */
export interface Durations {
  /** Call when an upload was unfinished at the age `from`, and a poll found it unfinished at `to`. */
  readonly survived: (from: number, to: number) => void
  /** Call when an upload was unfinished at the age `from`, and a poll found its end at `to`. */
  readonly ended: (from: number, to: number) => void
  /**
   * The integral of the hazard up to an age: an upload that is unfinished at `a` still is at `b` with
   * the probability `exp(hazardTo(a) - hazardTo(b))`.
   */
  readonly hazardTo: (age: number) => number
  /** The mean remaining duration of an upload of this age. */
  readonly remaining: (age: number) => number
}

/** The distribution that is assumed initially: log-logistic. */
export interface Prior {
  readonly median: number
  /** A greater shape makes the distribution narrower. */
  readonly shape: number
}

/** The ratio of the lengths of consecutive buckets. */
const growth = 1.4

const buckets = 26

/** The weight of the prior, in ends per bucket. */
const priorEnds = 0.5

/** After this many ends an observation counts half. */
const halfLife = 1_000

/**
 * Estimates the hazard of uploads, constant within each bucket of ages: the number of ends per time
 * that uploads spent in it. Unlike a mean and a variance this fits any distribution, including
 * mixtures, and uploads that are not watched to their end do not distort it. The exact time of an end
 * since the previous poll is unknown, so it is spread over that time by the current estimate.
 */
export const learnedDurations = ({ median, shape }: Prior): Durations => {
  const first = median / 64
  /** The start of each bucket. The last one has no end. */
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
  /** The integral of the hazard up to the start of each bucket. */
  const hazardsTo = new Float64Array(buckets)
  const remainings = new Float64Array(buckets)
  let isCurrent = false

  const bucketOf = (age: number): number => {
    const nth = 1 + Math.floor(Math.log(age / first) / Math.log(growth))
    return Math.max(0, Math.min(buckets - 1, nth))
  }

  const at = (values: Float64Array, nth: number): number => values[nth] ?? NaN

  /** The mean remaining duration of an upload in a bucket, `left` before the bucket's end. */
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

  /** Splits a period of time into its parts in each bucket. */
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

  const survived = (from: number, to: number): void => {
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
    survived,
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
        // On average an upload spends half of its part in the bucket in which it ends.
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
