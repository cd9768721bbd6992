import { describe, expect, it } from 'vitest';
import { constantFlags, rcloneEnv } from '../../../src/contract/rclone-env.js';

const flags = (given: Parameters<typeof rcloneEnv>[0]): readonly string[] => [
  ...constantFlags,
  ...(rcloneEnv(given)['MILLRACE_RCLONE_FLAGS']?.split(' ') ?? []),
];

describe('the flags of rclone', () => {
  it('say how data is moved', () => {
    expect(flags({ parallel: 64, retries: 0, connectTimeoutSeconds: 60, idleTimeoutSeconds: 5400, bandwidth: '20M' })).toEqual(
      expect.arrayContaining(['--transfers=64', '--checkers=64', '--retries=1', '--contimeout=1m', '--timeout=90m', '--bwlimit=20M']),
    );
  });

  it('are the usual ones where nobody says otherwise', () => {
    const usual = ['--transfers=8', '--contimeout=15s', '--timeout=2m', '--stats=10s', '--use-json-log'];
    expect(flags({})).toEqual(expect.arrayContaining(usual));
    // As rclone has them: 3 and 8.
    expect(flags({}).join()).not.toMatch(/--retries=|checkers/);
    expect(flags({}).filter((flag) => /^-v|log-level/.test(flag))).toEqual(['-v']);
    expect(flags({}).join()).not.toContain('bwlimit');
    expect(flags({ parallel: 9 })).toEqual(expect.arrayContaining(['--transfers=9', '--checkers=9']));
  });
});
