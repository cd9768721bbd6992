import { withoutBrackets } from '../base/cidr.js';

const itself = /^(?:localhost|.*\.localhost|127\.[0-9.]+|0\.[0-9.]+|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:.*)$/;
/** 169.254.0.0/16 and fe80::/10, and what clouds answer at elsewhere. */
const linkLocal =
  /^(?:169\.254\.[0-9.]+|100\.100\.100\.200|\[fe[89ab][0-9a-f]:.*|\[::ffff:a9fe:.*|\[fd00:ec2::254\]|metadata\.google\.internal|metadata)$/;

/** Forms of an IPv4 address that only some programs read: `2130706433`, `0x7f.1`. */
const oddNumber = /(?:^|\.)(?:0x[0-9a-f]*|[0-9]+)$/;
const dottedQuad = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.|$)){4}$/;

/**
 * Why a pod finds no `wanted` under a host, which is in lower case, an IPv6 address with or without brackets; completes
 * `"127.0.0.1" …`.
 */
export function problemOfHost(host: string, wanted: 'sink' | 'store'): string | undefined {
  const known = host.includes(':') ? shortAddress(withoutBrackets(host)) : host;
  if (known === undefined || (oddNumber.test(known) && !dottedQuad.test(known))) return 'is neither a host name nor an address in its usual form';
  if (itself.test(known)) return `is the pod of the job itself, where no ${wanted} runs`;
  if (linkLocal.test(known)) return `is the node or the cloud's metadata service, not a ${wanted}`;
  return undefined;
}

/** An IPv6 address has many spellings and one short form, here in brackets; undefined where it is none. */
const shortAddress = (address: string): string | undefined =>
  URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`).hostname : undefined;
