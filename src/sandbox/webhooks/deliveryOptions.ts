import { members, numberIn, text } from '../../failure/checked'
import { parseWebhookUrl, webhookUrlRule } from '../http/webhookUrl'
import { parsePlan } from './parsePlan'
import { send, type PushPlan } from './plan'

/** The webhook of a sandbox, and how its events are sent. */
export interface SandboxWebhooks {
  /** The URL of the webhook: http or https. */
  readonly url: string
  /** The secret that signs its deliveries. Null sends them unsigned. @default null */
  readonly secret?: string | null | undefined
  /**
   * The factor for the vendor's waits between attempts, 10 s and 100 s. For example, 0.01 retries after
   * 0.1 s, and after another 1 s.
   *
   * @default 1
   */
  readonly timeScale?: number | undefined
  /** How the event of each upload is sent. @default [send()] */
  readonly plan?: PushPlan | undefined
}

/** Checked options, with the defaults filled in. */
export interface WebhookSettings {
  readonly url: string
  readonly secret: string | null
  readonly timeScale: number
  readonly plan: PushPlan
}

/** The defaults, which also apply to webhooks that are created over HTTP. */
export const webhookDefaults = { timeScale: 1, plan: [send()] } as const

/** Checks the URL of a webhook. */
export const webhookUrl = (value: unknown, name: string): string => {
  const url = parseWebhookUrl(text(value, name))
  if (url === null) throw new RangeError(`${name} must be ${webhookUrlRule}`)
  return url
}

/** Checks a secret; null if there is none. Messages never repeat it. */
export const webhookSecret = (value: unknown, name: string): string | null => {
  if (value === null) return null
  const secret = text(value, name)
  if (/^$|^\s|\s$/.test(secret))
    throw new RangeError(`${name} must not be empty, or begin or end with a space`)
  return secret
}

/** Checks the option `webhooks`. */
export const webhookSettings = (value: unknown, name: string): WebhookSettings => {
  const known = ['url', 'secret', 'timeScale', 'plan']
  const given = members(value, name, known, 'an object such as { url, secret }, or null')
  const { timeScale, plan } = webhookDefaults
  return {
    url: webhookUrl(given.get('url'), `${name}.url`),
    secret: webhookSecret(given.get('secret') ?? null, `${name}.secret`),
    timeScale: numberIn(given.get('timeScale') ?? timeScale, `${name}.timeScale`, 0, 1_000),
    plan: given.has('plan') ? parsePlan(given.get('plan'), `${name}.plan`) : plan,
  }
}
