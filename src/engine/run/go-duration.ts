import { assertInvariant } from '../../base/assert.js';

const pattern = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/;

/** Seconds of a duration in the forms that Go prints and we emit: `1h0m0s`, `90m`, `1.5s`. */
export function parseGoDuration(text: string): number {
  const match = pattern.exec(text);
  assertInvariant(match !== null && text !== '', `${text} is no duration`);
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
