/** Whether ioredis can read a URL. An invalid one with a password must not get into its errors, which quote it. */
export const isConnectionUrl = (url: string): boolean => {
  try {
    const { username, password } = new URL(url)
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}
