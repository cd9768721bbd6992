/** What configure-rclone writes, read back by the real rclone, which must be on PATH. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { configValueProblem, renderConfig } from '../../runtime/rclone/config-file.js';
import { serviceAccountLine } from '../../runtime/rclone/service-account.js';
import { runs, seed } from '../support/fuzz.js';

const root = mkdtempSync(join(tmpdir(), 'millrace-rclone-config-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

type Dump = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The values as rclone reads them, each from a section of its own. */
function readBack(values: readonly string[]): readonly (string | undefined)[] {
  const file = join(root, 'rclone.conf');
  // An option of the same name as a variable in a value is what rclone would put there.
  const sections = values.map((value, index) => ({
    name: `r${String(index)}`,
    options: { type: 's3', provider: 'Other', secret_access_key: value },
  }));
  writeFileSync(file, renderConfig(sections), { mode: 0o600 });
  const dump = JSON.parse(
    execFileSync('rclone', ['config', 'dump', '--config', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
  ) as Dump;
  expect(Object.keys(dump)).toHaveLength(values.length);
  return values.map((_, index) => dump[`r${String(index)}`]?.['secret_access_key']);
}

/** Everything that has a meaning somewhere in a configuration file, and some that has none. */
const pieces = [
  '"',
  '""',
  '"""',
  "'",
  '`',
  '``',
  '%',
  '%(',
  '%(type)',
  '%()s',
  '%%',
  ')s',
  '\\',
  ';',
  '#',
  '=',
  ':',
  '[',
  ']',
  '[r0]',
  ' ',
  '  ',
  '$',
  '${x}',
  '{',
  ',',
  '-',
  '+',
  '/',
  'a',
  'type',
  'é',
  '漢',
  '😀',
  '\u00a0',
  '\ufeff',
  '\u200b',
  'RCLONE_ENCRYPT_V0:',
];

const known: readonly string[] = [
  ...pieces,
  ' both ends ',
  '"quoted"',
  '`quoted`',
  '"""quoted"""',
  'ends with "',
  'ends with """',
  '"""',
  '""""',
  '; comment',
  'a ; comment',
  '# comment',
  'a = b : c',
  'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  'https://acc.blob.core.windows.net/c?sv=2024&sig=a%2Bb%2F%3D&se=2026-11-22T00%3A00%3A00Z',
  '(x)s%(',
  '%(x',
  '%x)s',
];

/** Of messages only: every value is given. */
const secretFolder = { connection: 'raw', folder: '', name: 'raw-s3', keys: {} };

describe('a value in rclone.conf', () => {
  it('comes back as it was written, ten thousand random ones, five hundred to a file', () => {
    const nasty = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 9 }).map((list) => list.join(''));
    const anything = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 });
    const key = fc.string({ unit: fc.constantFrom(...'ABCXYZabcxyz0189/+='), minLength: 20, maxLength: 88 });
    const isWritten = (value: string): boolean => configValueProblem(value) === undefined;
    const secrets = [...known.filter(isWritten), ...fc.sample(fc.oneof(nasty, anything, key).filter(isWritten), runs(10_000))];
    for (let from = 0; from < secrets.length; from += 500) {
      const some = secrets.slice(from, from + 500);
      expect(readBack(some), `FUZZ_SEED=${String(seed)}`).toEqual(some);
    }
    expect(secrets.length).toBeGreaterThan(10_000);
  });

  it.each(['%(type)s', 'ab%(type)s', '%(x)s', 'a%(no such option)sb', '%(ü)s'])('is refused where rclone would replace it: %s', (value) => {
    expect(configValueProblem(value)).toMatch(/rclone would replace/);
    expect(readBack([value])).not.toEqual([value]);
  });

  it.each(['a\nb', 'a\r', '\u0000', 'a\u001b[2J', '\u007f', '\u0085', '\u2028'])('is refused with a control character: %j', (value) => {
    expect(configValueProblem(value)).toMatch(/control character/);
  });

  it('holds the key file of a service account, whatever is in it', () => {
    const account = { type: 'service_account', client_email: 'a@b', private_key: '-----BEGIN PRIVATE KEY-----\nMII/+=\n-----END PRIVATE KEY-----\n' };
    const texts = fc.sample(
      fc
        .array(fc.oneof(fc.constantFrom(...pieces, '\n', '\u0000', '\u2028', '\u0085', '%(type)s'), fc.string({ unit: 'binary' })))
        .map((list) => list.join('')),
      { numRuns: 200, seed: 1 },
    );
    const lines = texts.map((note) => serviceAccountLine(JSON.stringify({ ...account, note }, undefined, 2), secretFolder));
    for (const line of lines) expect(configValueProblem(line)).toBeUndefined();
    expect(readBack(lines).map((line) => JSON.parse(line ?? '') as unknown)).toEqual(texts.map((note) => ({ ...account, note })));
  });
});
