import { describe, expect, it } from 'vitest';
import { createDataState } from '../../../src/json/data-state.js';
import { elementClasses } from '../../../src/json/element-class.js';
import { noWhole, readData, readSkip, type JsonHandler } from '../../../src/json/json-handler.js';
import { jsonLimits, type JsonLimits } from '../../../src/json/json-limits.js';
import { createJsonScanner } from '../../../src/json/json-scanner.js';
import type { JsonFailure } from '../../../src/json/scanner.js';
import { parseJson } from '../../oracle/json.js';

const nothing = (): undefined => undefined;
/** Reads a document as something that is only checked, or as elements of a tensor. */
const handler = (reading: typeof readSkip | typeof readData): JsonHandler => ({
  object: () => readSkip,
  array: () => reading,
  string: () => false,
  endObject: nothing,
  endArray: nothing,
  key: nothing,
  repeatedKey: nothing,
  text: nothing,
  number: nothing,
  literal: nothing,
  element: nothing,
  whole: () => noWhole,
  tensors: nothing,
  takesMany: false,
  documents: () => false,
});
const encoder = new TextEncoder();

function failureOf(document: string | Uint8Array, limits: Partial<JsonLimits> = {}): JsonFailure | undefined {
  const bytes = typeof document === 'string' ? encoder.encode(document) : document;
  const verdicts = ([readSkip, readData] as const).flatMap((reading) =>
    [bytes.length, 1].map((piece) => {
      const scanner = createJsonScanner(handler(reading), {
        limits: { ...jsonLimits, ...limits },
        nameKey: [1, 2],
        state: createDataState(),
        wanted: new Uint8Array(elementClasses).fill(1),
      });
      scanner.begin(1);
      for (let at = 0; at < bytes.length; at += piece) scanner.push(bytes.slice(at, at + piece), 0, Math.min(piece, bytes.length - at), at);
      scanner.end(bytes.length);
      return scanner.failure();
    }),
  );
  // Where the pieces are cut, and what a value is for, changes nothing.
  for (const verdict of verdicts) expect(verdict).toEqual(verdicts[0]);
  return verdicts[0];
}

/** What RFC 8259 has, and what JSON.parse takes, too. */
const right: readonly string[] = [
  ...['[]', '{}', '""', '0', '-0', 'true', 'false', 'null', ' [] ', '\t\r\n[]', '[[]]', '[[],[]]', '{"":0}', '{"a":{}}', '{"a":[]}', '[{}]'],
  ...['-1', '10', '1.5', '1e5', '1E5', '1e+5', '1e-5', '0.1', '-0.1', '0e1', '0E+0', '-0e-0', '123456789012345678901234567890', '1e400', '1.00'],
  ...[
    '"a"',
    '"\\""',
    '"\\\\"',
    '"\\/"',
    '"\\b\\f\\n\\r\\t"',
    '"\\u0041"',
    '"\\uABCD"',
    '"\\uabcd"',
    '"\\ud83d\\ude00"',
    '"é"',
    '"€"',
    '"😀"',
    '"\u007f"',
  ],
  ...['"\\u0000"', '"\u2028"', '"\uffff"', '"\\uFFFF"', '"//"', '"[1]"', '"{\\"a\\":1}"', '[1,2]', '[1 , 2]', '[ 1]', '[1 ]', '[null,1,"1",{},[]]'],
  ...[
    '{"a":1,"b":2}',
    '{ "a" : 1 , "b" : 2 }',
    '{"\\u0061":1}',
    '{"a\\u0000b":1}',
    '{"a":{"a":1}}',
    '[[[[[[1]]]]]]',
    '[""]',
    '["",""]',
    '[true,false]',
  ],
];
const wrong: readonly string[] = [
  ...[
    '',
    ' ',
    '[',
    ']',
    '{',
    '}',
    '[}',
    '{]',
    '[1',
    '[1,',
    '[,',
    '[,1]',
    '[1,]',
    '[1,,2]',
    '[1 2]',
    '[1:2]',
    '["a":1]',
    '[1]]',
    '[1]x',
    '[1],',
    '[] []',
  ],
  ...[
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{,"a":1}',
    '{"a":1,,"b":2}',
    '{"a" 1}',
    '{"a":}',
    '{:1}',
    '{1:1}',
    '{a:1}',
    "{'a':1}",
    '{"a":1 "b":2}',
  ],
  ...['{"a"::1}', '{"a":1:2}', '{"a","b"}', '{null:1}', '{[]:1}', '{"a":1}}', '{}{}', '{"a":1]'],
  ...[
    '-',
    '+',
    '+1',
    '01',
    '-01',
    '00',
    '1.',
    '.1',
    '-.1',
    '1.e1',
    '1e',
    '1e+',
    '1e-',
    '1e1.5',
    '1.1.1',
    '1e1e1',
    '--1',
    '1-',
    '1+1',
    '0x1',
    '1_000',
    '1f',
  ],
  ...['NaN', 'Infinity', '-Infinity', '[NaN]', '-NaN', 'nan', 'inf', '[-]', '[1.]', '[01]', '[0.]', '[1e]', '[.5]', '[- 1]', '[1 .5]', '１', '[−1]'],
  ...[
    'True',
    'TRUE',
    'tru',
    'truex',
    'true1',
    'nul',
    'nulll',
    'fals',
    'False',
    '[tru]',
    '[nul]',
    'undefined',
    't',
    '[t]',
    '[true false]',
    'truefalse',
  ],
  ...[
    '"',
    '"a',
    '"\\',
    '"\\"',
    '"\\x"',
    '"\\a"',
    '"\\0"',
    '"\\u"',
    '"\\u1"',
    '"\\u12"',
    '"\\u123"',
    '"\\u12g4"',
    '"\\uzzzz"',
    '"\\U0041"',
    "'a'",
    '"a\\',
  ],
  ...['"\n"', '"\t"', '"\r"', '"\u0000"', '"\u001f"', '["a\n"]', '{"a\n":1}', '"a" "b"', '"a"b', '"a""b"', '["a""b"]', '["a"1]'],
  ...[
    '/**/[]',
    '[]//',
    '[1/**/]',
    '#',
    '[]#',
    '\u00a0[]',
    '[\u00a0]',
    '\u2028[]',
    '[\f]',
    '[\v]',
    '\u0000[]',
    '[]\u0000',
    '<a/>',
    '*',
    '@',
    '\\',
    '[\\n]',
    '`a`',
  ],
];
/** What JSON.parse takes and we do not: two readers would read two different texts, or two different objects. */
const loneSurrogates = [
  '"\\ud800"',
  '"\\udc00"',
  '"\\udc00\\ud800"',
  '"\\ud800\\u0041"',
  '"\\ud800a"',
  '"\\ud800\\n"',
  '"\\ud800\\ud800\\udc00"',
  '{"\\ud800":1}',
];

describe('a JSON document', () => {
  it.each(right)('%j is one', (text) => {
    expect(failureOf(text)).toBeUndefined();
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(parseJson(text).hasLoneSurrogate).toBe(false);
  });

  it.each(wrong)('%j is none', (text) => {
    expect(failureOf(text)).toMatchObject({ code: 'E-JSON' });
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(() => parseJson(text)).toThrow();
  });

  it.each(loneSurrogates)('%j is none, because it is no Unicode text', (text) => {
    expect(failureOf(text)).toMatchObject({ code: 'E-JSON', problem: 'a string holds half of a surrogate pair' });
  });

  it.each<[string, readonly number[]]>([
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x5b, 0x5d]],
    ['UTF-16, little end first', [0xff, 0xfe, 0x5b, 0x00, 0x5d, 0x00]],
    ['UTF-16 without mark', [0x00, 0x5b, 0x00, 0x5d]],
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['a lead byte without continuation', [0x22, 0xc3, 0x22]],
    ['an overlong slash in two bytes', [0x22, 0xc0, 0xaf, 0x22]],
    ['an overlong slash in three bytes', [0x22, 0xe0, 0x80, 0xaf, 0x22]],
    ['an overlong character in four bytes', [0x22, 0xf0, 0x80, 0x80, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['what is beyond Unicode', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    ['a lead byte that there is not', [0x22, 0xf5, 0x80, 0x80, 0x80, 0x22]],
    ['a character that is cut', [0x22, 0xe2, 0x82]],
    ['Latin-1', [0x22, 0xe9, 0x22]],
    ['a character outside of a string', [0x5b, 0xc3, 0xa9, 0x5d]],
  ])('with %s is none', (_, bytes) => {
    expect(failureOf(Uint8Array.from(bytes))).toMatchObject({ code: 'E-JSON' });
  });

  it.each(['\u0080', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'])(
    'holds the characters at the ends of each form: %j',
    (text) => {
      expect(failureOf(`"${text}"`)).toBeUndefined();
    },
  );
});

describe('a limit', () => {
  it.each<[string, string, Partial<JsonLimits>, string]>([
    ['depth', '[[[]]]', { depth: 2 }, 'E-DEPTH'],
    ['depth with objects', '{"a":{"a":{}}}', { depth: 2 }, 'E-DEPTH'],
    ['length of a key', '{"abcd":1}', { key: 3 }, 'E-LIMIT'],
    ['length of a string', '["abcd"]', { string: 3 }, 'E-LIMIT'],
    ['length of a number', '[1234]', { number: 3 }, 'E-LIMIT'],
    ['members', '{"a":1,"b":{"c":1}}', { members: 2 }, 'E-LIMIT'],
    ['bytes of keys', '{"aa":1,"bb":1}', { memberBytes: 3 }, 'E-LIMIT'],
  ])('of %s is kept', (_, text, limits, code) => {
    expect(failureOf(text)).toBeUndefined();
    expect(failureOf(text, limits)).toMatchObject({ code });
    const [name, limit] = Object.entries(limits)[0] ?? ['', 0];
    expect(failureOf(text, { [name]: limit + 1 })).toBeUndefined();
  });

  it('of members counts those of open objects only', () => {
    expect(failureOf('[{"a":1},{"a":1},{"b":1}]', { members: 1 })).toBeUndefined();
  });

  it('is not needed for strings that are data: they are not kept', () => {
    expect(failureOf(`["${'x'.repeat(100_000)}"]`)).toBeUndefined();
  });
});
