import { isFanslyId } from '../../api/platformApi'
import { fansly } from './fanslyAnswers'
import { onlyfans } from './onlyfansAnswers'
import type { Platform } from './imitatedPlatform'

/** Every platform that the sandbox imitates. */
export const platforms: readonly Platform[] = [onlyfans, fansly]

/** Returns the platform of an account. */
export const platformOf = (account: string): Platform => (isFanslyId(account) ? fansly : onlyfans)
