import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CST, Lexer, parse } from 'yaml';
import { isSpan } from '../../src/diagnostics/diagnostic.js';
import { guardTokens } from '../../src/source/lexer-guard.js';
import { sourceLimits } from '../../src/source/limits.js';
import { locate } from '../../src/source/locate.js';
import { parseDocument } from '../../src/source/parse-document.js';
import { runs } from '../support/fuzz.js';
import { yamlText } from '../support/yaml-text.js';

const path = 'services/risk/fraud.yaml';
const anyText = fc.oneof(yamlText, fc.string({ unit: 'binary', maxLength: 100 }), fc.string({ maxLength: 100 }));

/** Lexemes of a text, without the marks between them; stops after the limit. */
function countLexemes(text: string): number {
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme !== CST.SCALAR && lexeme !== CST.DOCUMENT) count += 1;
    if (count > sourceLimits.tokens) break;
  }
  return count;
}

describe('any text', () => {
  it('parses or is refused, and every span lies inside it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [document, diagnostics] = parseDocument({ path, text });
        if (!document) expect(diagnostics.length).toBeGreaterThan(0);
        for (const { where, related } of diagnostics) {
          for (const each of [where, ...related.map((one) => one.where)]) {
            if (!each || !isSpan(each)) throw new Error('the source stage knows its spans');
            expect(each.start).toBeGreaterThanOrEqual(0);
            expect(each.end).toBeGreaterThanOrEqual(each.start);
            expect(each.end).toBeLessThanOrEqual(text.length);
          }
        }
      }),
      runs(5000),
    );
  });

  it('that is taken without a problem means what it means to the parser itself', () => {
    fc.assert(
      fc.property(yamlText, (text) => {
        const [document, diagnostics] = parseDocument({ path, text });
        if (!document || diagnostics.length > 0) return;
        const value: unknown = parse(text, { version: '1.2', schema: 'core', stringKeys: true, logLevel: 'silent' });
        expect(JSON.stringify(document.value)).toBe(JSON.stringify(value));
      }),
      runs(5000),
    );
  });

  it('that the parser refuses is refused', () => {
    fc.assert(
      fc.property(yamlText, (text) => {
        try {
          parse(text, { version: '1.2', schema: 'core', stringKeys: true, logLevel: 'silent' });
        } catch {
          expect(parseDocument({ path, text })[1].some(({ severity }) => severity === 'error')).toBe(true);
        }
      }),
      runs(5000),
    );
  });

  it('has a span for any path', () => {
    const step = fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor', ''), fc.integer({ min: -1, max: 3 }));
    fc.assert(
      fc.property(anyText, fc.array(step, { maxLength: 4 }), fc.constantFrom('key' as const, 'value' as const), (text, steps, target) => {
        const { start, end } = locate({ file: path, path: steps, target }, text);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      runs(3000),
    );
  });
});

describe('the guard', () => {
  const unit = fc.oneof(
    yamlText.filter((text) => text.length > 0 && text.length < 20),
    fc.constantFrom('[', '{', ',', '- ', '? ', ': ', 'a: 1\n', '\n', '"\\q', ' ', '#\n', '[],', "'", 'a: b: '),
  );

  // No clock: the work is bounded by what the guard lets pass, and that is counted.
  it('lets no more tokens pass than the limit, however a text repeats itself', () => {
    fc.assert(
      fc.property(unit, fc.integer({ min: 1, max: 60_000 }), (each, times) => {
        const text = each.repeat(times).slice(0, sourceLimits.bytes);
        const guarded = guardTokens(text);
        if ('tokens' in guarded) expect(countLexemes(text)).toBeLessThanOrEqual(sourceLimits.tokens);
        else expect(guarded.problem.start).toBeLessThanOrEqual(text.length);
      }),
      runs(60),
    );
  });
});
