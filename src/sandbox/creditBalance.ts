/** The credits of the team, which every upload of both platforms costs. */
export interface Credits {
  readonly balance: () => number
  /** Subtracts a cost; false, and nothing is subtracted, if the balance is too small. */
  readonly spend: (cost: number) => boolean
}

/** Creates a balance of credits. */
export const createCredits = (initial: number): Credits => {
  let balance = initial
  return {
    balance: () => balance,
    spend: cost => {
      if (cost > balance) return false
      balance -= cost
      return true
    },
  }
}

/** Returns the cost of an upload: 3 credits per decimal MB, rounded up, at least 1. */
export const costOf = (bytes: number): number => Math.max(1, Math.ceil((bytes * 3) / 1_000_000))
