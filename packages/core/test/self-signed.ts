import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto'

/** A certificate for `localhost` and 127.0.0.1 that vouches for itself, valid for a day around now; both as PEM. */
export function selfSigned(): { cert: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = toBeSigned(publicKey)
  const signature = sign('sha256', body, privateKey)
  const der = sequence(body, sequence(ecdsaWithSHA256), tag(0x03, Buffer.from([0]), signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** RFC 5280, section 4.1. */
function toBeSigned(publicKey: KeyObject): Buffer {
  // Two of one name could not both be trusted: the first to be found is taken for the other.
  const name = sequence(tag(0x31, sequence(commonName, tag(0x0c, Buffer.from(`test ${randomUUID()}`)))))
  const day = 86_400_000
  return sequence(
    tag(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    sequence(ecdsaWithSHA256),
    name,
    sequence(utcTime(Date.now() - day / 2), utcTime(Date.now() + day / 2)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(basicConstraints, subjectAltName)),
  )
}

const ecdsaWithSHA256 = objectId('2a8648ce3d040302')
const commonName = objectId('550403')
/** An authority, since it signs itself. */
const basicConstraints = sequence(
  objectId('551d13'),
  tag(0x01, Buffer.from([0xff])),
  tag(0x04, sequence(tag(0x01, Buffer.from([0xff])))),
)
const subjectAltName = sequence(
  objectId('551d11'),
  tag(0x04, sequence(tag(0x82, Buffer.from('localhost')), tag(0x87, Buffer.from([127, 0, 0, 1])))),
)

function tag(type: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([type, ...size]), content])
}

function sequence(...contents: Buffer[]): Buffer {
  return tag(0x30, ...contents)
}

function integer(bytes: Buffer): Buffer {
  return tag(0x02, bytes)
}

function objectId(hex: string): Buffer {
  return tag(0x06, Buffer.from(hex, 'hex'))
}

function utcTime(ms: number): Buffer {
  return tag(
    0x17,
    Buffer.from(
      `${new Date(ms)
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  )
}
