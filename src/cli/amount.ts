import type { Notation } from './commands/optionValues'

/** Requests per minute, like `60/min`. */
export const perMinute: Notation<number> = {
  form: 'requests per minute, like 60/min',
  read: text => {
    const [, count] = /^([1-9]\d{0,8})\/min$/.exec(text) ?? []
    return count === undefined ? null : Number(count)
  },
}

/** A whole number, like `4010` or `-1`. */
export const wholeNumber: Notation<number> = {
  form: 'a whole number',
  read: text => (/^-?\d{1,15}$/.test(text) ? Number(text) : null),
}

/** A share from 0 to 1, like `0.25`. */
export const share: Notation<number> = {
  form: 'a share from 0 to 1, like 0.25',
  read: text => (/^(0(\.\d+)?|1(\.0+)?)$/.test(text) ? Number(text) : null),
}
