/** What the URL of a webhook must be. Messages never repeat it, because it may contain a token. */
export const webhookUrlRule =
  'an http or https URL without a user, such as http://127.0.0.1:3000/hook'

/** Parses the URL of a webhook; null if it is none. */
export const parseWebhookUrl = (text: string): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' ? url.href : null
}
