import { constant } from '../../base/constant.js';
import { containsCidr, parseCidr, type Cidr } from '../../base/cidr.js';
import { assertInvariant } from '../../base/assert.js';

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  assertInvariant(parsed, `${text} is no block of addresses`);
  return parsed;
};

/**
 * Where clouds give credentials to whoever asks from a node: link-local addresses (AWS, Google, Azure, EKS Pod Identity and ECS),
 * Alibaba's metadata service, Azure's WireServer; with IPv6 those of AWS and Google.
 */
export const metadataAddresses: readonly Cidr[] = constant(
  ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', 'fe80::/10', 'fd00:ec2::/32', 'fd20:ce::254/128'].map(cidr),
);

/** Whether a block has no other addresses than such. */
export const isMetadata = (block: Cidr): boolean => metadataAddresses.some((address) => containsCidr(address, block));
