import { generateKeyPairSync, sign } from 'node:crypto'

// A certificate in DER, as RFC 5280 describes it: each part is a tag, a length and its content.
const part = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content)
  const size = body.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const sequence = (...content: readonly Uint8Array[]): Buffer => part(0x30, ...content)
const oid = (hex: string): Buffer => part(0x06, Buffer.from(hex, 'hex'))

const utcTime = (at: Date): Buffer =>
  part(0x17, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(2, 14)}Z`))

const ed25519 = sequence(oid('2b6570'))

const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`

const day = 86_400_000

/** A key and a self-signed certificate for `name`, valid between these days from now. */
export const selfSigned = (
  name: string,
  { from = -1, to = 1 }: { readonly from?: number; readonly to?: number } = {},
): { readonly key: string; readonly cert: string } => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const commonName = sequence(part(0x31, sequence(oid('550403'), part(0x0c, Buffer.from(name)))))
  const [begin, end] = [from, to].map(days => utcTime(new Date(Date.now() + days * day)))
  const body = sequence(
    part(0x02, Buffer.from([1])),
    ed25519,
    commonName,
    sequence(begin ?? Buffer.of(), end ?? Buffer.of()),
    commonName,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = part(0x03, Buffer.from([0]), sign(null, body, privateKey))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem('CERTIFICATE', sequence(body, ed25519, signature)),
  }
}
