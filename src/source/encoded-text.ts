/** A text as whoever decodes it reads it, with the place in the original of each of its characters. */
export interface View {
  readonly text: string;
  /** Offset in the original of each character, and of the end; undefined: the text is the original. */
  readonly offsets: Int32Array | undefined;
}

type Decode = (found: string) => string | undefined;

/** Escapes of a quoted scalar and of JSON, and a line that goes on in the next one. */
const escapes = /\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U000[0-9A-Fa-f]{5}|[/nrt]|[ \t]*\r?\n[ \t]*(?:#[ \t]*)?)/g;
const percents = /%[0-7][0-9A-Fa-f]/g;

const fromEscape: Decode = (found) => {
  const kind = found.charAt(1);
  if (kind === '/') return '/';
  if (kind === 'x' || kind === 'u' || kind === 'U') return character(Number.parseInt(found.slice(2), 16));
  return /[nrt]/.test(kind) ? '\n' : '';
};
const fromPercent: Decode = (found) => character(Number.parseInt(found.slice(1), 16));

/** Keys are printable ASCII; what else is written in a roundabout way is none. */
const character = (code: number): string | undefined =>
  (code >= 0x20 && code < 0x7f) || code === 0x0a || code === 0x0d ? String.fromCharCode(code) : undefined;

/** The text itself and, where they differ from it, the text without its escapes, and that without its `%2F`, also where they stand twice. */
export function viewsOf(text: string): readonly View[] {
  const views: View[] = [{ text, offsets: undefined }];
  let last: View = { text, offsets: undefined };
  for (const [pattern, decode] of [
    [escapes, fromEscape],
    [percents, fromPercent],
    [percents, fromPercent],
  ] as const) {
    const next = decoded(last, pattern, decode);
    if (!next) continue;
    views.push(next);
    last = next;
  }
  return views;
}

function decoded({ text, offsets }: View, pattern: RegExp, decode: Decode): View | undefined {
  // As nearly always: then nothing is copied.
  if (text.search(pattern) < 0) return undefined;
  const parts: string[] = [];
  const found = new Int32Array(text.length + 1);
  let length = 0;
  let at = 0;
  const keep = (end: number): void => {
    for (let index = at; index < end; index += 1) found[length++] = offsets?.[index] ?? index;
    parts.push(text.slice(at, end));
    at = end;
  };
  for (const { 0: written, index } of text.matchAll(pattern)) {
    const meant = decode(written);
    if (meant === undefined) continue;
    keep(index);
    if (meant !== '') found[length++] = offsets?.[index] ?? index;
    parts.push(meant);
    at = index + written.length;
  }
  if (at === 0) return undefined;
  keep(text.length);
  found[length] = offsets?.[text.length] ?? text.length;
  return { text: parts.join(''), offsets: found.subarray(0, length + 1) };
}
