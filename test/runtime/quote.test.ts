import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLine, quote, show } from '../../src/base/quote.js';

/** What a terminal acts on, or a reader cannot see. */
const dangerous = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

describe('text of a user in a message', () => {
  it('shows every byte from 0 to 255 without acting on any', () => {
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    expect(show(all)).not.toMatch(dangerous);
  });

  it('shows escapes, direction marks and lone surrogates by their number', () => {
    expect(quote('a\u001b[31m\r\nb')).toBe('"a\\u001b[31m\\u000d\\u000ab"');
    expect(show('fdp\u202egpj')).toBe('fdp\\u202egpj');
    expect(show('\ud800x\udc00')).toBe('\\ud800x\\udc00');
    expect(show('😀 ß')).toBe('😀 ß');
  });

  it('cuts what is long', () => {
    expect(show('x'.repeat(1000))).toBe(`${'x'.repeat(256)}…`);
  });

  it('writes a log record on one line that JSON reads back unchanged', () => {
    fc.assert(
      fc.property(fc.record({ text: fc.string({ unit: 'binary' }), name: fc.string() }), (value) => {
        const line = jsonLine(value);
        expect(line).not.toMatch(dangerous);
        expect(JSON.parse(line)).toEqual(value);
      }),
    );
  });
});
