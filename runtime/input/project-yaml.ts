/** What a model says of itself. */
export interface NamedModel {
  readonly name?: string;
  readonly version?: string;
}

/** Completes "The file …". */
export type Refuse = (problem: string) => never;

/** As `modelSource` has them. */
const longestText = { name: 128, version: 64 } as const;

/** A key in block style and what follows it on its line. */
const keyLine = /^( *)([A-Za-z_][-\w.]*) *:(?:[ ]+(.*))?$/;
const isIgnored = (line: string): boolean => /^ *(#.*)?$/.test(line);

/**
 * Reads the two values out of the block style in which such files are written, line by line; everything else of the file
 * is passed over, and what may mean something else in whole YAML is refused, so that no name is ever misread. YAML's own
 * readers would make this program a third larger, and their anchors and tags have no use here.
 */
export function readModelBlock(text: string, refuse: Refuse): NamedModel {
  const found: { name?: string; version?: string } = {};
  /** The top-level key that the lines belong to, and the indentation of the keys in `model`. */
  let section: string | undefined;
  let seen = false;
  let indent: number | undefined;
  /** The last line was a value, which a deeper line would continue. */
  let isComplete = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const at = `line ${String(index + 1)}`;
    if (isIgnored(line) || (line.trimEnd() === '---' && section === undefined)) continue;
    if (/^ *\t/.test(line)) return refuse(`is indented with a tab in ${at}`);
    const depth = line.length - line.trimStart().length;
    const [, , key, rest = ''] = keyLine.exec(line.trimEnd()) ?? [];
    if (depth === 0) {
      if (/^- |^-$/.test(line) && section !== undefined && section !== 'model') continue;
      if (key === undefined) return refuse(`has something else than a key in ${at}`);
      section = key;
      if (key !== 'model') continue;
      if (seen) return refuse(`has the key "model" twice, again in ${at}`);
      if (!isIgnored(rest)) return refuse(`has a "model" that is no block of keys in ${at}`);
      seen = true;
      continue;
    }
    if (section !== 'model') continue;
    indent ??= depth;
    if (depth > indent) {
      if (isComplete) return refuse(`has a value of more than one line in ${at}`);
      continue;
    }
    if (depth < indent || key === undefined) return refuse(`has something else than a key of "model" in ${at}`);
    isComplete = key === 'name' || key === 'version';
    if (key !== 'name' && key !== 'version') continue;
    if (Object.hasOwn(found, key)) return refuse(`has the key "model.${key}" twice, again in ${at}`);
    const value = scalar(rest);
    if (value === undefined) return refuse(`has a "model.${key}" that is not plain or quoted text on its line, in ${at}`);
    if (value.length > longestText[key]) return refuse(`has a "model.${key}" of more than ${String(longestText[key])} characters`);
    if (value !== '') found[key] = value;
  }
  return found;
}

/** The text of a value, '' for none, undefined where it is more than plain text, or text in quotation marks without escapes. */
function scalar(text: string): string | undefined {
  if (isIgnored(text)) return '';
  const quoted = /^(?:"([^"\\]*)"|'((?:[^']|'')*)') *(?:#.*)?$/.exec(text);
  const value = quoted ? (quoted[1] ?? quoted[2]?.replaceAll("''", "'") ?? '') : text.replace(/ +#.*$/, '').trimEnd();
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value)) return undefined;
  if (quoted) return value.trim() === '' ? '' : value;
  if (/^[-?:](?: |$)|^[,[\]{}#&*!|>'"%@`]|: |:$/.test(value)) return undefined;
  return /^(?:~|null|Null|NULL)$/.test(value) ? '' : value;
}
