import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/oip/violation.js';
import { judgeWhole } from '../oracle/document.js';
import { documents } from '../support/documents.js';
import { validate, validateInPieces } from '../unit/oip/validate.js';

const runs = Number(process.env['MILLRACE_FUZZ_RUNS'] ?? 2000);
const directions = fc.constantFrom('request', 'response');
const all = 1_000_000;
const isFatal = ({ violations }: Verdict): boolean => violations.some(({ code }) => code === 'E-JSON' || code === 'E-DEPTH' || code === 'E-LIMIT');

describe('the streaming validator', () => {
  it('comes to the verdict of the rules that read a document whole', () => {
    fc.assert(
      fc.property(documents, directions, (bytes, direction) => {
        const whole = judgeWhole(bytes, direction);
        const verdict = validate(bytes, { direction, kept: all });
        expect(isFatal(verdict)).toBe(whole === 'no JSON');
        if (whole === 'no JSON') return;
        const errors = verdict.violations.filter(({ code, severity }) => severity === 'error' && code !== 'E-DUPKEY');
        const repeated = verdict.violations.filter(({ code }) => code === 'E-DUPKEY').length;
        expect(repeated).toBe(whole.repeated);
        expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(whole.violations.map(({ code }) => code)));
        expect(verdict.errors - repeated).toBe(whole.total);
        const places = new Set(whole.violations.map(({ code, pointer }) => `${code} ${pointer}`));
        for (const { code, pointer } of errors) expect(places).toContain(`${code} ${pointer}`);
      }),
      { numRuns: runs },
    );
  });

  it('comes to the same verdict wherever the bytes are cut', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 12 });
    fc.assert(
      fc.property(documents, cuts, fc.constantFrom('document', 'jsonl', 'array'), (bytes, places, framing) => {
        const sorted = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
        const whole = validate(bytes, { direction: 'request', framing });
        expect(validateInPieces(bytes, sorted, { direction: 'request', framing })).toEqual(whole);
        const each = Array.from(bytes.keys());
        expect(validateInPieces(bytes, each, { direction: 'request', framing })).toEqual(whole);
      }),
      { numRuns: runs / 4 },
    );
  });

  it('places each violation inside the file, on the line that its offset is on', () => {
    fc.assert(
      fc.property(documents, (bytes) => {
        for (const { offset, line } of validate(bytes, { direction: 'request' }).violations) {
          expect(offset).toBeLessThanOrEqual(bytes.length);
          expect(line).toBe(1 + bytes.subarray(0, offset).filter((byte) => byte === 0x0a).length);
        }
      }),
      { numRuns: runs / 4 },
    );
  });
});
