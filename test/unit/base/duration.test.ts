import { describe, expect, it } from 'vitest';
import { canonicalDuration, goDuration, parseDuration } from '../../../src/base/duration.js';

describe('durations', () => {
  it.each([
    ['0s', 0, '0s', '0s'],
    ['45s', 45, '45s', '45s'],
    ['60s', 60, '1m', '1m0s'],
    ['90s', 90, '90s', '1m30s'],
    ['60m', 3600, '1h', '1h0m0s'],
    ['90m', 5400, '90m', '1h30m0s'],
    ['4h', 14_400, '4h', '4h0m0s'],
    ['24h', 86_400, '24h', '24h0m0s'],
    ['3661s', 3661, '3661s', '1h1m1s'],
  ])('%s is %i seconds, canonically %s, in Go %s', (text, seconds, canonical, go) => {
    expect(parseDuration(text)).toBe(seconds);
    expect(canonicalDuration(text)).toBe(canonical);
    expect(goDuration(seconds)).toBe(go);
  });

  it.each(['', '1', 'h', '1d', '1.5h', '1h30m', '-1h', '+1h', ' 1h', '1h ', '01h', '1 h', '1H', '1ms', '1000000000h'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(canonicalDuration(text)).toBeUndefined();
  });
});
