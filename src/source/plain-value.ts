import { isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import { assertInvariant } from '../base/assert.js';
import { codePointName, findUnsafe } from '../base/text.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.js';
import { isAmbiguous } from './ambiguous-scalar.js';
import { isForbiddenKey } from './forbidden-key.js';

export interface PlainContext {
  readonly file: string;
  /** What may be quoted of a node. */
  readonly written: (node: ParsedNode) => string;
  /** False where the text itself holds no `\`, or was refused already: then no scalar can hold a new unsafe character. */
  readonly checkEscapes: boolean;
  readonly diagnostics: Diagnostic[];
}

const spanOf = (context: PlainContext, node: ParsedNode): Span => ({ file: context.file, start: node.range[0], end: node.range[1] });

/**
 * The plain value of a document: maps without a prototype, arrays, strings, numbers (NaN for one that was refused, so that
 * later stages know of it), booleans, null. The recursion is
 * bounded by the guard's depth. Of keys that repeat the first wins, so that later stages still have something to check.
 */
export function documentValue(context: PlainContext, node: ParsedNode | null): unknown {
  if (node === null) return null;
  if (isScalar(node)) return plainScalar(context, node);
  if (isMap(node)) return plainMap(context, node);
  assertInvariant(isSeq(node), 'the guard refuses aliases');
  return node.items.map((item) => documentValue(context, item));
}

function plainMap(context: PlainContext, node: YAMLMap.Parsed): unknown {
  const map: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.items) {
    assertInvariant(isScalar(key) && typeof key.value === 'string', 'other keys are errors of the composer');
    const name = key.value;
    checkScalar(context, key);
    if (isForbiddenKey(name)) {
      context.diagnostics.push(diagnose('source/forbidden-key', spanOf(context, key), { key: name }));
    } else if (Object.hasOwn(map, name)) {
      context.diagnostics.push(duplicate(context, node, key));
    } else {
      map[name] = documentValue(context, value);
      continue;
    }
    // Not kept, but checked like the rest.
    documentValue(context, value);
  }
  return map;
}

function duplicate(context: PlainContext, node: YAMLMap.Parsed, key: Scalar.Parsed): Diagnostic {
  const first = node.items.find((pair) => isScalar(pair.key) && pair.key.value === key.value);
  const related = first ? [{ message: 'first given here', where: spanOf(context, first.key) }] : [];
  // A key that is covered may be a secret in the place of a name.
  const shown = context.written(key);
  return diagnose('source/duplicate-key', spanOf(context, key), { key: /^\*+$/.test(shown) ? shown : String(key.value) }, { related });
}

function plainScalar(context: PlainContext, node: Scalar.Parsed): unknown {
  checkScalar(context, node);
  const { value } = node;
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    context.diagnostics.push(diagnose('source/unsafe-number', spanOf(context, node), { text: context.written(node) }));
    return NaN;
  }
  // -0 is not a number anyone means, and prints as 0.
  return value === 0 ? 0 : value;
}

function checkScalar(context: PlainContext, node: Scalar.Parsed): void {
  if (node.type === 'PLAIN') {
    if (isAmbiguous(node.source))
      context.diagnostics.push(diagnose('source/ambiguous-scalar', spanOf(context, node), { text: context.written(node) }));
  } else if (context.checkEscapes && node.type === 'QUOTE_DOUBLE') {
    const unsafe = findUnsafe(node.source, { newline: true });
    if (unsafe) {
      const args = { kind: unsafe.kind, codePoint: codePointName(node.source, unsafe.index) };
      context.diagnostics.push(diagnose('source/unsafe-character', spanOf(context, node), args));
    }
  }
}
