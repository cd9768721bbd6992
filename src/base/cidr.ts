/** A host as it is said where there is no port: URLs have brackets around an IPv6 address. */
export const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

/** Blocks of addresses as NetworkPolicies take them: `10.0.0.0/8`, `2001:db8::/32`. */
export interface Cidr {
  readonly version: 4 | 6;
  /** Its first address, as a number. */
  readonly first: bigint;
  /** Length of the prefix. */
  readonly bits: number;
}

const lengths = { 4: 32, 6: 128 } as const;
const ipv4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;
const slash = /^([0-9a-f.:]+)\/(0|[1-9][0-9]{0,2})$/;

/** Undefined where `text` is no block, or not in the one form it is stored and compared in: no bits beyond the prefix, IPv6 short. */
export function parseCidr(text: string): Cidr | undefined {
  const cidr = readCidr(text);
  return cidr && formatCidr(cidr) === text ? cidr : undefined;
}

/** Also what has bits beyond its prefix, or is an address alone: the block that was meant. */
export function readCidr(text: string): Cidr | undefined {
  const [, address = text, prefix] = slash.exec(text) ?? [];
  const parsed = ipv4.test(address) ? ({ version: 4, value: ipv4Value(address) } as const) : ipv6(address);
  if (!parsed) return undefined;
  const longest = lengths[parsed.version];
  const bits = prefix === undefined ? longest : Number(prefix);
  if (bits > longest) return undefined;
  const rest = BigInt(longest - bits);
  return { version: parsed.version, first: (parsed.value >> rest) << rest, bits };
}

const ipv4Value = (address: string): bigint => address.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);

function ipv6(address: string): { readonly version: 6; readonly value: bigint } | undefined {
  if (!address.includes(':') || !URL.canParse(`http://[${address}]`)) return undefined;
  // The URL standard has one short form, without the dotted one.
  const [before = '', after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string | undefined): readonly string[] => (text === undefined || text === '' ? [] : text.split(':'));
  const missing = 8 - groups(before).length - groups(after).length;
  const all = [...groups(before), ...Array.from({ length: missing }, () => '0'), ...groups(after)];
  return { version: 6, value: all.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n) };
}

/** The one form that {@link parseCidr} takes. */
export function formatCidr({ version, first, bits }: Cidr): string {
  const part = (size: number, position: number): bigint => (first >> BigInt(lengths[version] - size * (position + 1))) & ((1n << BigInt(size)) - 1n);
  const text =
    version === 4
      ? Array.from({ length: 4 }, (_, position) => String(part(8, position))).join('.')
      : new URL(`http://[${Array.from({ length: 8 }, (_, position) => part(16, position).toString(16)).join(':')}]`).hostname.slice(1, -1);
  return `${text}/${String(bits)}`;
}

/** Whether every address of `inner` is one of `outer`; a block contains itself. */
export const containsCidr = (outer: Cidr, inner: Cidr): boolean => {
  const rest = BigInt(lengths[outer.version] - outer.bits);
  return outer.version === inner.version && outer.bits <= inner.bits && inner.first >> rest === outer.first >> rest;
};
