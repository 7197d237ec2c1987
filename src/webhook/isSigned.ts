/** Bytes outside shared memory, as WebCrypto requires. */
export type Bytes = Uint8Array<ArrayBuffer>

const bytesOf = (hex: string): Bytes =>
  Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16))

const hmac = { name: 'HMAC', hash: 'SHA-256' }

/**
 * Whether a signature (64 hex digits) matches the bytes with one of the secrets. WebCrypto compares in
 * constant time.
 */
export const isSigned = async (
  bytes: Bytes,
  hex: string,
  secrets: readonly string[],
): Promise<boolean> => {
  if (!/^[\da-f]{64}$/i.test(hex)) return false
  const mac = bytesOf(hex)
  for (const secret of secrets) {
    const raw = new TextEncoder().encode(secret)
    const key = await crypto.subtle.importKey('raw', raw, hmac, false, ['verify'])
    if (await crypto.subtle.verify('HMAC', key, mac, bytes)) return true
  }
  return false
}
