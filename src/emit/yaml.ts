import { assertInvariant } from '../base/assert.js';
import { isConstant } from '../base/constant.js';
import { remembered } from '../base/remembered.js';
import { isLiteral, isPlain, literalBlock, numberText, quoted } from './scalar.js';

/**
 * A Kubernetes object as one YAML document, without markers: block style, two blanks, LF, no line folding, no anchors.
 * The same value gives the same bytes whatever the order of its keys. Every reader (YAML 1.1, 1.2, Go) gets the same value
 * back: a string is plain only if no reader takes it for something else, else it is in double quotes or a literal block.
 *
 * Takes plain JSON values. A field that is undefined is left out. Numbers are finite, integers safe.
 */
export function emitYaml(manifest: unknown): string {
  // One string that grows: what the engine does fastest, and most of the time of a synth was once spent here.
  const out = { text: '' };
  if (Array.isArray(manifest) && manifest.length > 0) writeSequence(out, manifest, '', '');
  else if (isMap(manifest) && hasValues(manifest)) writeMap(out, manifest, 'document', '', '');
  else out.text = `${inlineScalar(manifest)}\n`;
  return out.text;
}

interface Output {
  text: string;
}

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

function hasValues(map: JsonMap): boolean {
  for (const key in map) if (map[key] !== undefined) return true;
  return false;
}

/** `indent` stands before every key but the first, which may follow the dash of a list: `firstIndent` stands before that. */
function writeMap(out: Output, map: JsonMap, role: MapRole, firstIndent: string, indent: string): void {
  if (isConstant(map))
    out.text += constantText(map, `${role} ${firstIndent.length} ${indent}`, (own) => writeEntries(own, map, role, firstIndent, indent));
  else writeEntries(out, map, role, firstIndent, indent);
}

function writeEntries(out: Output, map: JsonMap, role: MapRole, firstIndent: string, indent: string): void {
  const inner = deeper(indent);
  let before = firstIndent;
  for (const key of sortedKeys(map, leadingKeys[role])) {
    const value = map[key];
    if (value === undefined) continue;
    out.text += before + keyText(key);
    before = indent;
    if (Array.isArray(value) && value.length > 0) {
      out.text += '\n';
      // At the indent of its key, as kubectl writes: a Task is a tenth smaller.
      writeSequence(out, value, indent, indent);
    } else if (isMap(value) && hasValues(value)) {
      out.text += '\n';
      writeMap(out, value, key === 'metadata' ? 'metadata' : 'other', inner, inner);
    } else {
      out.text += scalarLine(value, inner);
    }
  }
}

function writeSequence(out: Output, items: readonly unknown[], firstIndent: string, indent: string): void {
  if (isConstant(items))
    out.text += constantText(items, `list ${firstIndent.length} ${indent}`, (own) => writeItems(own, items, firstIndent, indent));
  else writeItems(out, items, firstIndent, indent);
}

function writeItems(out: Output, items: readonly unknown[], firstIndent: string, indent: string): void {
  const inner = deeper(indent);
  let before = firstIndent;
  for (const item of items) {
    out.text += before;
    before = indent;
    if (Array.isArray(item) && item.length > 0) {
      out.text += '- ';
      writeSequence(out, item, '', inner);
    } else if (isMap(item) && hasValues(item)) {
      out.text += '- ';
      writeMap(out, item, 'item', '', inner);
    } else {
      out.text += `-${scalarLine(item, inner)}`;
    }
  }
}

/** Texts of constants by the place where they stand: most of a Task is the same in every Task. */
const constantTexts = new WeakMap<object, Map<string, string>>();

function constantText(value: object, place: string, write: (own: Output) => void): string {
  const texts = constantTexts.get(value) ?? new Map<string, string>();
  constantTexts.set(value, texts);
  const known = texts.get(place);
  if (known !== undefined) return known;
  const own = { text: '' };
  write(own);
  // In one piece, or each use would put the pieces together again.
  const text = Buffer.from(own.text).toString();
  texts.set(place, text);
  return text;
}

/** Blank, scalar, line break. */
function scalarLine(value: unknown, blockIndent: string): string {
  if (typeof value !== 'string') return ` ${inlineScalar(value)}\n`;
  if (value.includes('\n') && isLiteral(value)) return ` ${literalBlock(value, blockIndent)}\n`;
  return value.length > longestName ? ` ${stringText(value)}\n` : nameLine(value);
}

/** Names, images and labels repeat, so their text is remembered. */
const nameLine = remembered((name) => ` ${stringText(name)}\n`);
const longestName = 128;

const keyText = remembered((key) => {
  const text = stringText(key);
  // YAML takes a key of more than 1,024 characters only in another notation; no Kubernetes object has one.
  assertInvariant(text.length <= 1024, 'a key is too long for YAML');
  return `${text}:`;
});

function stringText(text: string): string {
  return isPlain(text) ? text : quoted(text);
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

/** Keys in the order they are written. They are few and often nearly in order, where insertion beats the general sort. */
function sortedKeys(map: JsonMap, leading: readonly string[]): readonly string[] {
  const keys = Object.keys(map);
  if (keys.length > manyKeys) return keys.sort((a, b) => (comesBefore(a, b, leading) ? -1 : 1));
  const sorted: string[] = [];
  for (const key of keys) {
    let at = sorted.length;
    while (at > 0 && comesBefore(key, sorted[at - 1] ?? '', leading)) at--;
    if (at === sorted.length) sorted.push(key);
    else sorted.splice(at, 0, key);
  }
  return sorted;
}

/** Beyond this, insertion takes longer than sorting. */
const manyKeys = 24;

function comesBefore(a: string, b: string, leading: readonly string[]): boolean {
  for (const key of leading) {
    if (b === key) return false;
    if (a === key) return true;
  }
  return a < b;
}

const indents: string[] = [''];
function deeper(indent: string): string {
  const depth = indent.length / 2 + 1;
  return (indents[depth] ??= '  '.repeat(depth));
}
