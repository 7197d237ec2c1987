import { isFanslyId } from '../../api/platform'
import { fansly } from './fansly'
import { onlyfans } from './onlyfans'
import type { Platform } from './platform'

/** Every platform that the sandbox imitates. */
export const platforms: readonly Platform[] = [onlyfans, fansly]

/** Returns the platform of an account. */
export const platformOf = (account: string): Platform => (isFanslyId(account) ? fansly : onlyfans)
