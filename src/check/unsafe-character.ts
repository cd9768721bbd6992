import { codePointName, findUnsafe, type UnsafeKind } from '../base/text.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Definition } from '../resolve/definition.js';
import { visitTexts } from './texts.js';

/** Texts of a service that may have several lines; every other text is one. */
const multiline: ReadonlySet<unknown> = new Set(['args', 'command', 'description', 'env']);

const words: Readonly<Record<UnsafeKind, string>> = {
  control: 'a control character',
  'line-separator': 'a line separator',
  bidi: 'which changes the direction of the text',
  invisible: 'which cannot be seen',
  'private-use': 'which has no agreed meaning',
  surrogate: 'half of a character',
  noncharacter: 'which is no character',
  'not-normalized': 'which is not in Unicode normal form C',
};

/** Characters written as escapes too: the file itself was checked when it was read, these only appear when it is understood. */
export function checkUnsafeCharacters({ spec, place }: Definition<unknown>): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  visitTexts(spec, place, (text, path, where) => {
    const unsafe = findUnsafe(text, { newline: multiline.has(path[0]) });
    if (unsafe)
      diagnostics.push(diagnose('check/unsafe-character', where(), { character: codePointName(text, unsafe.index), kind: words[unsafe.kind] }));
  });
  return diagnostics;
}
