import { assertInvariant } from '../base/assert.js';
import { isLiteral, isPlain, literalBlock, numberText, quoted } from './scalar.js';

/**
 * A Kubernetes object as one YAML document, without markers: block style, two blanks, LF, no line folding, no anchors.
 * The same value gives the same bytes whatever the order of its keys. Every reader (YAML 1.1, 1.2, Go) gets the same value
 * back: a string is plain only if no reader takes it for something else, else it is in double quotes or a literal block.
 *
 * Takes plain JSON values. A field that is undefined is left out. Numbers are finite, integers safe.
 */
export const emitYaml = (manifest: unknown): string => {
  if (Array.isArray(manifest) && manifest.length > 0) return sequenceLines(manifest, '');
  if (isMap(manifest)) {
    const keys = sortedKeys(manifest, 'document');
    if (keys.length > 0) return mapLines(manifest, keys, '', '');
  }
  return `${inlineScalar(manifest)}\n`;
};

/** What a map is decides which of its keys come first; all others are in code unit order. */
type MapRole = 'document' | 'item' | 'metadata' | 'other';
const leadingKeys: Readonly<Record<MapRole, readonly string[]>> = {
  document: ['apiVersion', 'kind', 'metadata'],
  item: ['name'],
  metadata: ['name', 'namespace'],
  other: [],
};

type JsonMap = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is JsonMap => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `keyIndent` stands before every key but the first, which may follow the dash of a list: that one gets `firstIndent`. */
function mapLines(map: JsonMap, keys: readonly string[], firstIndent: string, keyIndent: string): string {
  let lines = '';
  let indent = firstIndent;
  for (const key of keys) {
    lines += indent + keyText(key) + valueText(map[key], keyIndent, key === 'metadata' ? 'metadata' : 'other');
    indent = keyIndent;
  }
  return lines;
}

function sequenceLines(items: readonly unknown[], indent: string, firstIndent = indent): string {
  let lines = '';
  let before = firstIndent;
  const inner = deeper(indent);
  for (const item of items) {
    lines += before;
    before = indent;
    if (Array.isArray(item) && item.length > 0) {
      lines += `- ${sequenceLines(item, inner, '')}`;
      continue;
    }
    const keys = isMap(item) ? sortedKeys(item, 'item') : [];
    lines += isMap(item) && keys.length > 0 ? `- ${mapLines(item, keys, '', inner)}` : `-${scalarLine(item, inner)}`;
  }
  return lines;
}

/** What follows `key:`, with the line break. */
function valueText(value: unknown, indent: string, role: MapRole): string {
  const inner = deeper(indent);
  if (Array.isArray(value) && value.length > 0) return `\n${sequenceLines(value, inner)}`;
  if (isMap(value)) {
    const keys = sortedKeys(value, role);
    if (keys.length > 0) return `\n${mapLines(value, keys, inner, inner)}`;
  }
  return scalarLine(value, inner);
}

/** Blank, scalar, line break. Names, images and labels repeat, so their text is remembered. */
function scalarLine(value: unknown, blockIndent: string): string {
  if (typeof value !== 'string') return ` ${inlineScalar(value)}\n`;
  const known = scalarLines.get(value);
  if (known !== undefined) return known;
  if (value.includes('\n') && isLiteral(value)) return ` ${literalBlock(value, blockIndent)}\n`;
  return remember(scalarLines, value, ` ${stringText(value)}\n`);
}

function keyText(key: string): string {
  const known = keyTexts.get(key);
  if (known !== undefined) return known;
  const text = stringText(key);
  // YAML takes a key of more than 1,024 characters only in another notation; no Kubernetes object has one.
  assertInvariant(text.length <= 1024, 'a key is too long for YAML');
  return remember(keyTexts, key, `${text}:`);
}

function inlineScalar(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'number':
      return numberText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      // Maps and lists come here only when there is nothing in them.
      return value === null ? 'null' : Array.isArray(value) ? '[]' : '{}';
    case 'undefined':
      // Only inside a list, where JSON has null too.
      return 'null';
    default:
      assertInvariant(false, `a ${typeof value} cannot be emitted`);
  }
}

const stringText = (text: string): string => (isPlain(text) ? text : quoted(text));

/** The keys that have a value, in the order they are written. */
function sortedKeys(map: JsonMap, role: MapRole): readonly string[] {
  const keys = Object.keys(map).filter((key) => map[key] !== undefined);
  keys.sort();
  const leading = leadingKeys[role];
  if (leading.length === 0) return keys;
  const first = leading.filter((key) => keys.includes(key));
  return first.length === 0 ? keys : [...first, ...keys.filter((key) => !first.includes(key))];
}

const indents: string[] = [''];
function deeper(indent: string): string {
  const depth = indent.length / 2 + 1;
  return (indents[depth] ??= '  '.repeat(depth));
}

/** Scalars as they are written. Pure functions of their key, so that forgetting them changes no output. */
const scalarLines = new Map<string, string>();
const keyTexts = new Map<string, string>();
const maxRemembered = 20_000;
const maxRememberedLength = 128;

function remember(texts: Map<string, string>, value: string, text: string): string {
  if (value.length > maxRememberedLength) return text;
  if (texts.size >= maxRemembered) texts.clear();
  texts.set(value, text);
  return text;
}
