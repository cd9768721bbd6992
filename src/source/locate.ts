import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { isSpan, type Diagnostic, type Path, type Place, type Span, type Where } from '../diagnostics/diagnostic.js';
import { sortDiagnostics } from '../diagnostics/sort.js';
import { compose } from './compose.js';
import { coverSecrets } from './cover-secrets.js';

/** What a path leads to: its value, and the key that holds it where its parent is a map. */
interface Found {
  readonly node: ParsedNode | null;
  readonly key: ParsedNode | undefined;
}

type Root = ParsedNode | null;

/** The root of a text, or null where it is no YAML. */
function parseRoot(text: string): Root {
  const composed = compose(text);
  return 'problem' in composed || composed.document.errors.length > 0 ? null : composed.document.contents;
}

/**
 * The span of a place, by a second parse of its text. Where the path leads nowhere, the key of the nearest thing that
 * exists; the start of the file where the text does not parse.
 */
export const locate = (place: Place, text: string): Span => locateIn(place, parseRoot(text));

/** The same in a document that has been parsed. */
export function locateIn(place: Place, root: Root): Span {
  const trail: Found[] = [{ node: root, key: undefined }];
  for (const step of place.path) {
    const found = child(trail.at(-1)?.node ?? null, step);
    if (!found) return spanOfKey(place.file, trail);
    trail.push(found);
  }
  if (place.target === 'key') return spanOfKey(place.file, trail);
  const node = trail.at(-1)?.node;
  // An empty value has no width: its key shows where it is missing.
  return node && node.range[1] > node.range[0] ? span(place.file, node) : spanOfKey(place.file, trail);
}

function child(parent: ParsedNode | null, step: string | number): Found | undefined {
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === String(step));
    return pair && { node: pair.value, key: pair.key };
  }
  const item = isSeq(parent) && typeof step === 'number' ? parent.items[step] : undefined;
  return item && { node: item, key: undefined };
}

/**
 * Gives the text of plain scalars (without quotes) as their author wrote them, by a second parse when one is first asked
 * for: the value of `1.10` is 1.1. What may be secret is covered.
 */
export function plainTextsOf(text: string): (path: Path) => string | undefined {
  let root: Root | undefined;
  let covered = '';
  return (path) => {
    if (root === undefined) {
      root = parseRoot(text);
      covered = coverSecrets(text);
    }
    let node: Root = root;
    for (const step of path) node = child(node, step)?.node ?? null;
    return isScalar(node) && node.type === 'PLAIN' ? covered.slice(node.range[0], node.range[1]) : undefined;
  };
}

/** The last key of the trail; an item of a list is shown by its first key, or as a whole. */
function spanOfKey(file: string, trail: readonly Found[]): Span {
  for (const { key, node } of trail.toReversed()) {
    if (key && key.range[1] > key.range[0]) return span(file, key);
    const first = isMap(node) ? node.items[0]?.key : node;
    if (first && first.range[1] > first.range[0]) return span(file, first);
  }
  return { file, start: 0, end: 0 };
}

const span = (file: string, node: ParsedNode): Span => ({ file, start: node.range[0], end: endOf(node) });

/** Without the comments and empty lines that the parser counts to a block. */
function endOf(node: ParsedNode): number {
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1);
    return last ? Math.max(endOf(last.key), last.value ? endOf(last.value) : 0) : node.range[1];
  }
  const last = isSeq(node) && !node.flow ? node.items.at(-1) : undefined;
  return last ? Math.max(endOf(last), node.range[0]) : node.range[1];
}

/**
 * Turns every place into a span (one parse for each file that needs it), sorts by file, line, column and code, and
 * drops exact duplicates. Whatever is in a file that `texts` does not hold points at the start of that file.
 */
export function locateAll(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): Diagnostic[] {
  const roots = new Map<string, Root>();
  const rootOf = (file: string): Root => {
    const known = roots.get(file);
    if (known !== undefined) return known;
    const text = texts.get(file);
    const root = text === undefined ? null : parseRoot(text);
    roots.set(file, root);
    return root;
  };
  const toSpan = (where: Where): Span => (isSpan(where) ? where : locateIn(where, rootOf(where.file)));
  return sortDiagnostics(
    diagnostics.map((diagnostic) => ({
      ...diagnostic,
      where: diagnostic.where && toSpan(diagnostic.where),
      related: diagnostic.related.map(({ message, where }) => ({ message, where: toSpan(where) })),
    })),
  );
}
