import type { Draw } from './durations'

/**
 * The least mean lateness for this many requests per upload, by optimal inspection: when to poll an upload
 * whose distribution is known, if each request has a price. The price is chosen to match the number of
 * requests. No queue can have a lower mean, because here a request may be sent at any time.
 */

/** Ages, in ms, are multiples of this. */
const step = 200

interface Plan {
  readonly lateness: number
  readonly requests: number
}

/** The probability that an upload has ended, at each multiple of `step`. */
const distributionOf = (draw: Draw, random: () => number): Float64Array => {
  const many = 200_000
  const longest = 400_000
  const ended = new Float64Array(longest / step + 1)
  for (let nth = 0; nth < many; nth += 1) {
    const at = Math.min(ended.length - 1, Math.ceil(draw(random, 0) / step))
    ended[at] = (ended[at] ?? 0) + 1 / many
  }
  for (let at = 1; at < ended.length; at += 1) ended[at] = (ended[at] ?? 0) + (ended[at - 1] ?? 0)
  return ended
}

/** Dynamic programming, from the greatest age down: when to poll next, if it has not ended at this age. */
const planAt = (ended: Float64Array, price: number): Plan => {
  const last = ended.length - 1
  const at = (values: Float64Array, nth: number): number => values[nth] ?? 0
  const sum = new Float64Array(ended.length)
  for (let nth = 1; nth <= last; nth += 1)
    sum[nth] = at(sum, nth - 1) + ((at(ended, nth) + at(ended, nth - 1)) / 2) * step
  const cost = new Float64Array(ended.length)
  const lateness = new Float64Array(ended.length)
  const requests = new Float64Array(ended.length)
  for (let from = last - 1; from >= 0; from -= 1) {
    const goingOn = 1 - at(ended, from)
    if (goingOn < 1e-5) continue
    let best = Infinity
    for (let to = from + 1; to <= last; to += 1) {
      const late = at(sum, to) - at(sum, from) - at(ended, from) * (to - from) * step
      if (late > best) break
      const all = late + price * goingOn + at(cost, to)
      if (all >= best) continue
      best = all
      lateness[from] = late + at(lateness, to)
      requests[from] = goingOn + at(requests, to)
    }
    cost[from] = best
  }
  return { lateness: at(lateness, 0), requests: at(requests, 0) }
}

/**
 * The lower bound of the mean lateness, in ms.
 *
 * @param kinds the distributions of equally likely kinds of upload
 * @param answerTime the round trip, which is added
 */
export const floorOf = (
  kinds: readonly Draw[],
  requests: number,
  random: () => number,
  answerTime: number,
): number => {
  const distributions = kinds.map(draw => distributionOf(draw, random))
  const planOf = (price: number): Plan => {
    const plans = distributions.map(each => planAt(each, price))
    const mean = (pick: (plan: Plan) => number): number =>
      plans.reduce((all, plan) => all + pick(plan), 0) / plans.length
    return { lateness: mean(plan => plan.lateness), requests: mean(plan => plan.requests) }
  }
  let [low, high] = [0.01, 1e7]
  for (let turn = 0; turn < 24; turn += 1) {
    const middle = Math.sqrt(low * high)
    if (planOf(middle).requests > requests) low = middle
    else high = middle
  }
  return planOf(high).lateness + (answerTime * 3) / 4
}
