import { Document, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Path } from '../diagnostics/diagnostic.js';

/** Lines of comment above a key, by the path of the key. */
export interface Comment {
  readonly path: Path;
  readonly lines: readonly string[];
}

/**
 * A definition for people to read and change: keys in the order given, comments above them. Text that any YAML reader could
 * take for something else is quoted.
 *
 * @param comments at keys that `value` holds; what is about no key stands above the first one, with an empty path
 */
export function writeYaml(value: Readonly<Record<string, unknown>>, comments: readonly Comment[] = []): string {
  const document = new Document(value, { version: '1.2', compat: 'yaml-1.1', aliasDuplicateObjects: false });
  for (const { path, lines } of comments) {
    // Nothing in a line may end it.
    const text = lines.map((line) => ` ${line.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, ' ')}`).join('\n');
    if (path.length === 0) document.commentBefore = text;
    else setComment(document, path, text);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, indentSeq: true });
}

function setComment(document: Document, path: Path, text: string): void {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = (parent as YAMLMap<unknown, unknown>).items.find(({ key }) => isScalar(key) && key.value === last);
    if (pair && isScalar(pair.key)) pair.key.commentBefore = text;
  } else if (isSeq(parent) && typeof last === 'number') {
    const item = parent.items[last];
    if (isMap(item) || isScalar(item)) item.commentBefore = text;
  }
}
