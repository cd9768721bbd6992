/** Texts that are nearly YAML, far more often than chance would make them. */
import fc from 'fast-check';

const signs = [...'\n\n\n \t\r:-?,[]{}#&*!|>\'"%@`\\~=<.0123456789aebnoxyTZ_+$()'];
const words = [
  'a: ',
  'b:\n  ',
  '- ',
  '  ',
  '\n  - ',
  '"x"',
  "'y'",
  '|\n  z\n',
  '>-\n  z\n',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '&a ',
  '*a',
  '!!str ',
  '<<: ',
  '__proto__: ',
  'constructor',
  '# c\n',
  '{a: 1}',
  '[1, 2]',
  'no',
  '0777',
  '1e999',
  '\\u202e',
  '"\\',
  '\u0000',
  '\u0085',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\ud800',
  'e\u0301',
  '🚀',
  'ü',
];

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 3, arbitrary: fc.constantFrom(...signs) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);

export const yamlText = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

/** One change of a text, as a person or a merge would make it, or worse. */
const change = fc.record({
  kind: fc.constantFrom('insert', 'delete', 'replace', 'repeat-line', 'move-line', 'indent'),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  to: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  length: fc.integer({ min: 1, max: 12 }),
  text: fc.oneof(
    fc.constantFrom(...words, '$(x)', '${y}', '$$', '../', ':', '-rf', '/etc', '8Gi', '-1', '99999999999', 'null', 'true'),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
  ),
});
export const changes = fc.array(change, { minLength: 1, maxLength: 5 });
export type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

export function applyChange(text: string, { kind, at, to, length, text: added }: Change): string {
  const offset = Math.floor(at * text.length);
  const lines = text.split('\n');
  const line = Math.floor(at * lines.length);
  switch (kind) {
    case 'insert':
      return text.slice(0, offset) + added + text.slice(offset);
    case 'delete':
      return text.slice(0, offset) + text.slice(offset + length);
    case 'replace':
      return text.slice(0, offset) + added + text.slice(offset + length);
    case 'repeat-line':
      return lines.toSpliced(line, 0, lines[line] ?? '').join('\n');
    case 'move-line':
      return lines
        .toSpliced(line, 1)
        .toSpliced(Math.floor(to * lines.length), 0, lines[line] ?? '')
        .join('\n');
    case 'indent':
      return lines.with(line, `${' '.repeat(length)}${lines[line] ?? ''}`).join('\n');
  }
}
