/** A position as people count: both from 1, the column in UTF-16 code units as editors do. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Where the lines of one text start, so that each of many positions costs a search and not a pass. */
export interface LineTable {
  readonly text: string;
  readonly starts: readonly number[];
}

/** Where the lines of a text begin: made once, asked for each place. */
export function lineTable(text: string): LineTable {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { text, starts };
}

/** The line feed belongs to the line that it ends. */
export function lineColumnIn({ starts }: LineTable, offset: number): LineColumn {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** Offsets of a line without its line end. */
export function lineRange({ text, starts }: LineTable, line: number): { readonly start: number; readonly end: number } {
  const start = starts[line - 1] ?? 0;
  const next = starts[line];
  const end = next === undefined ? text.length : next - 1;
  return { start, end: end > start && text[end - 1] === '\r' ? end - 1 : end };
}

/** For a single position; use a {@link LineTable} for several of one text. */
export const lineColumn = (text: string, offset: number): LineColumn => lineColumnIn(lineTable(text), offset);
