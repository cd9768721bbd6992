import { isSpan, type SourceWindow, type Where } from '../diagnostic.js';
import { lineColumnIn, lineTable, type LineTable } from '../line-column.js';

/** Line tables of the files that diagnostics are in, made when first needed. */
export interface Tables {
  tableOf(file: string): LineTable | undefined;
}

/** Tables of the sources, each made when a place in its file is first printed. */
export function tablesOf(sources: ReadonlyMap<string, string>): Tables {
  const tables = new Map<string, LineTable>();
  return {
    tableOf(file) {
      const known = tables.get(file);
      const text = sources.get(file);
      if (known || text === undefined) return known;
      const table = lineTable(text);
      tables.set(file, table);
      return table;
    },
  };
}

export interface Position {
  readonly table: LineTable;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Undefined where only the file is known: it has no text, or none was read. */
export function positionOf(where: Where | undefined, tables: Tables): Position | undefined {
  if (where && isSpan(where) && where.window) return positionIn(where.window);
  const table = where && isSpan(where) ? tables.tableOf(where.file) : undefined;
  if (!where || !isSpan(where) || !table || table.text === '') return undefined;
  const start = Math.min(where.start, table.text.length);
  const end = Math.min(Math.max(where.end, start), table.text.length);
  const first = lineColumnIn(table, start);
  const last = lineColumnIn(table, end);
  return { table, start, end, line: first.line, column: first.column, endLine: last.line, endColumn: last.column };
}

/** The text is a piece of the only line that is looked at, whatever its number. */
function positionIn({ text, start, end, line, column }: SourceWindow): Position {
  return { table: { text, starts: [] }, start, end, line, column, endLine: line, endColumn: column + end - start };
}
