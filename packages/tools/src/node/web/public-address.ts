import { BlockList, isIPv4, isIPv6 } from 'node:net'

// What IANA's registries of special addresses do not call globally reachable, and one that a cloud keeps for itself.
const special4 = /* @__PURE__ */ toList('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
])

// Of IPv6 only this is in use for all the world, but for the parts below: tunnels to IPv4 addresses, among others.
const global6 = /* @__PURE__ */ toList('ipv6', ['2000::/3'])
const special6 = /* @__PURE__ */ toList('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])

/**
 * Is it an address of the public internet? Private, loopback, link-local, unique-local, shared, reserved, documentation
 * and multicast addresses are none, nor is anything that is no IP address. One that carries an IPv4 address (mapped, or
 * translated with `64:ff9b::/96`) is public where that one is.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special4.check(address, 'ipv4')
  // A zone, as in fe80::1%eth0, is for addresses of the local network.
  if (!isIPv6(address) || address.includes('%')) return false
  const inner = innerIPv4(address)
  if (inner) return isPublicAddress(inner)
  return global6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}

/** The IPv4 address in a mapped (`::ffff:…`) or translated (`64:ff9b::…`) one. */
function innerIPv4(address: string): string | undefined {
  // The URL standard has one way to write each address, in groups of hexadecimal digits.
  const { hostname } = new URL(`http://[${address}]`)
  const groups = /^\[(?:::ffff|64:ff9b:):(?:([\da-f]+):)?([\da-f]+)\]$/.exec(hostname)
  if (!groups) return
  const [high, low] = [groups[1] ?? '0', groups[2] ?? '0'].map((group) => Number.parseInt(group, 16))
  return [high! >> 8, high! & 255, low! >> 8, low! & 255].join('.')
}

function toList(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [start, bits] = range.split('/') as [string, string]
    list.addSubnet(start, Number(bits), family)
  }
  return list
}
