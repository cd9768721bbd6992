import { parseQuantity } from '../base/quantity.js';

const bytesPerUnit = 1_000_000_000n;
const suffixes = ['B', 'K', 'M', 'G', 'T', 'P'] as const;

/**
 * Bytes a second as rclone writes them: its `K`, `M`, … are powers of 1024, whatever they mean elsewhere.
 * Undefined where `text` is no quantity of whole bytes.
 * @see https://rclone.org/docs/#bwlimit-bwlimit-spec
 */
export function rcloneBandwidth(text: string): string | undefined {
  const nano = parseQuantity(text)?.nano;
  if (nano === undefined || nano === 0n || nano % bytesPerUnit !== 0n) return undefined;
  let amount = nano / bytesPerUnit;
  let suffix = 0;
  while (amount % 1024n === 0n && suffix < suffixes.length - 1) {
    amount /= 1024n;
    suffix += 1;
  }
  return `${amount}${suffixes[suffix] ?? 'B'}`;
}
