import { escapeUnsafeJson } from '../../base/text.js';
import { docsPage, isSpan, type Diagnostic, type Where } from '../diagnostic.js';
import { positionOf, tablesOf, type Tables } from './position.js';
import type { Renderer } from './renderer.js';

/** One array; each problem with the same fields, null where there is nothing. Lines and columns count from 1, ends are exclusive. */
export const renderJson: Renderer = (diagnostics, sources) => {
  const tables = tablesOf(sources);
  return escapeUnsafeJson(
    `${JSON.stringify(
      diagnostics.map((diagnostic) => toJson(diagnostic, tables)),
      undefined,
      2,
    )}\n`,
  );
};

const toJson = ({ code, severity, message, where, hint, related }: Diagnostic, tables: Tables): unknown => ({
  code,
  severity,
  message,
  ...location(where, tables),
  hint: hint ?? null,
  docs: docsPage(code),
  related: related.map((each) => ({ message: each.message, ...location(each.where, tables) })),
});

function location(where: Where | undefined, tables: Tables): Readonly<Record<string, string | number | null>> {
  const position = positionOf(where, tables);
  const window = where && isSpan(where) && where.window ? { offset: where.start, pointer: where.window.pointer } : {};
  return {
    file: where?.file ?? null,
    line: position?.line ?? null,
    column: position?.column ?? null,
    endLine: position?.endLine ?? null,
    endColumn: position?.endColumn ?? null,
    ...window,
  };
}
