import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { isAmbiguous } from '../../../src/source/ambiguous-scalar.js';
import { runs } from '../../support/fuzz.js';

const words = [
  'y',
  'Y',
  'yes',
  'Yes',
  'n',
  'no',
  'NO',
  'on',
  'Off',
  'oFF',
  'true',
  'False',
  'null',
  '~',
  '',
  '<<',
  '=',
  'text',
  '8Gi',
  '1.4.2',
  'v1',
  '.inf',
  '.nan',
];
const numbers = [
  '0',
  '7',
  '08',
  '0777',
  '00',
  '0o17',
  '0O17',
  '0b11',
  '+0b1',
  '0x1F',
  '-0x1F',
  '0x_1',
  '1_000',
  '1__0',
  '1_',
  '_1',
  '1.5',
  '1_0.5',
  '.5',
  '._5',
  '5.',
  '1e3',
  '.5e3',
  '+.5E-3',
  '1.5e3',
  '1:30',
  '12:30:45',
  '12:30:45.5',
  '1:60',
  '-1:30',
  '190:20',
];
const dates = ['2026-11-22', '2026-1-2', '2026-11-22T10:00:00Z', '2026-11-22 10:00:00', '2026-11-22T10:00:00.5 +01:00', '2026-11', '2026-11-22x'];

const read = (text: string, version: '1.1' | '1.2'): unknown => {
  const value: unknown = parse(text, { version, schema: version === '1.1' ? 'yaml-1.1' : 'core', logLevel: 'silent', merge: false });
  return value instanceof Date ? `date ${value.getTime()}` : value;
};
/** As the parser itself reads both versions; `.` and `e5` are numbers to its 1.1 and to no other. */
const differs = (text: string): boolean => !Object.is(read(text, '1.1'), read(text, '1.2'));
const isPlain = (text: string): boolean => /^[-+.0-9a-zA-Z~<=]/.test(text) && !/[#,[\]{}]|: |:$|^- |^-$|^---|^\.\.\.$| $/.test(text);

describe('isAmbiguous', () => {
  it.each([...words, ...numbers, ...dates].filter((text) => text !== '<<'))('agrees with both versions about %j', (text) => {
    // 00 and 08 happen to be the same number; a reader who knows octal still stumbles.
    expect(isAmbiguous(text)).toBe(differs(text) || ['00', '08'].includes(text));
  });

  it('misses nothing that the versions read differently', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      '7',
      '9',
      '_',
      ':',
      '.',
      'e',
      'E',
      '+',
      '-',
      'x',
      'o',
      'b',
      'F',
      'n',
      'N',
      'y',
      'Y',
      'es',
      'o',
      'ff',
      'T',
      'Z',
      ' ',
      '2026-11-22',
      '10:00:00',
    );
    const text = fc
      .array(piece, { minLength: 1, maxLength: 6 })
      .map((pieces) => pieces.join(''))
      .filter(isPlain)
      .filter((each) => !/^[-+]?(?:\.|[eE].*|\.[eE].*)$/.test(each));
    fc.assert(
      fc.property(text, (each) => {
        if (differs(each)) expect(isAmbiguous(each), each).toBe(true);
      }),
      runs(5000),
    );
  });

  it('counts the merge key, which 1.2 takes for a word', () => expect(isAmbiguous('<<')).toBe(true));

  it('does not look at long scalars', () => expect(isAmbiguous('1'.repeat(100_000) + '_')).toBe(false));
});
