/** Anchored at a position by `lastIndex`. */
const blanks = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /true|false|null/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Behind the string that starts at `start`, or the place in it that is wrong. A loop, for strings of any length. */
function scanString(text: string, start: number): { readonly end: number; readonly ok: boolean } {
  for (let at = start + 1; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { end: at + 1, ok: true };
    if (code < 0x20) return { end: at, ok: false };
    if (code === 0x5c) {
      escaped.lastIndex = at;
      if (!escaped.test(text)) return { end: at, ok: false };
      at = escaped.lastIndex;
    } else {
      at += 1;
    }
  }
  return { end: text.length, ok: false };
}

/**
 * Where `text` stops being JSON (RFC 8259), in UTF-16 code units, or undefined if it is JSON. For messages only:
 * `JSON.parse` decides, but its own message quotes the document and often names no place.
 */
export function findSyntaxError(text: string): number | undefined {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const takeCharacter = (character: string): boolean => {
    take(blanks);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const takeString = (): boolean => {
    take(blanks);
    if (text[at] !== '"') return false;
    const { end, ok } = scanString(text, at);
    at = end;
    return ok;
  };
  const takeKey = (): boolean => takeString() && takeCharacter(':');
  const takeScalar = (): boolean => (text[at] === '"' ? takeString() : take(number) || take(word));

  /** What closes the open brackets; a stack of our own, since a document may be deeper than the call stack. */
  const open: ('}' | ']')[] = [];
  for (;;) {
    take(blanks);
    const first = text[at];
    let valueIsComplete = true;
    if (first === '{' || first === '[') {
      at += 1;
      const closing = first === '{' ? '}' : ']';
      if (!takeCharacter(closing)) {
        open.push(closing);
        if (closing === '}' && !takeKey()) return at;
        valueIsComplete = false;
      }
    } else if (!takeScalar()) {
      return at;
    }
    while (valueIsComplete) {
      const closing = open.at(-1);
      if (closing === undefined) {
        take(blanks);
        return at === text.length ? undefined : at;
      }
      if (takeCharacter(closing)) {
        open.pop();
      } else if (takeCharacter(',')) {
        if (closing === '}' && !takeKey()) return at;
        valueIsComplete = false;
      } else {
        return at;
      }
    }
  }
}

/** Line and column of an offset, both from 1. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next >= 0 && next < offset; next = text.indexOf('\n', start)) {
    line += 1;
    start = next + 1;
  }
  return { line, column: offset - start + 1 };
}
