import { escapeUnsafe } from '../../base/text.js';
import type { Diagnostic, Related, Severity, Where } from '../diagnostic.js';
import { excerptOf } from './excerpt.js';
import { positionOf, tablesOf, type Position, type Tables } from './position.js';
import type { Renderer } from './renderer.js';

interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly severity: (severity: Severity, text: string) => string;
}

const sgr =
  (code: number) =>
  (text: string): string =>
    `\x1b[${code}m${text}\x1b[0m`;
const plainText = (text: string): string => text;

const plainStyle: Style = { strong: plainText, faint: plainText, severity: (_, text) => text };
const severityColors = { error: sgr(31), warning: sgr(33), info: sgr(36) } as const;
const colorStyle: Style = { strong: sgr(1), faint: sgr(2), severity: (severity, text) => severityColors[severity](text) };

const indent = '   ';

/** For people: the place, the line with what is wrong marked, what to do, and where to read more. */
export const renderText: Renderer = (diagnostics, sources, { color }) => {
  const tables = tablesOf(sources);
  const style = color ? colorStyle : plainStyle;
  return diagnostics.map((diagnostic) => `${renderOne(diagnostic, tables, style).join('\n')}\n`).join('\n');
};

function renderOne({ code, severity, message, where, related, hint }: Diagnostic, tables: Tables, style: Style): string[] {
  const position = positionOf(where, tables);
  const place = where ? `${style.strong(`${placeText(where, position)}:`)} ` : '';
  const lines = [`${place}${style.severity(severity, severity)}: ${escapeUnsafe(message)} ${style.faint(`[${code}]`)}`];
  if (position) lines.push(...excerptLines(position, style, severity));
  for (const each of related) lines.push(...relatedLines(each, tables, style));
  if (hint !== undefined) lines.push(`${indent}hint: ${escapeUnsafe(hint)}`);
  lines.push(`${indent}${style.faint(`help: millrace explain ${code}`)}`);
  return lines;
}

function relatedLines({ message, where }: Related, tables: Tables, style: Style): string[] {
  const position = positionOf(where, tables);
  const lines = [`${style.strong(`${placeText(where, position)}:`)} ${escapeUnsafe(message)}`];
  if (position) lines.push(...excerptLines(position, style, 'info'));
  return lines.map((line) => indent + line);
}

const placeText = (where: Where, position: Position | undefined): string =>
  escapeUnsafe(where.file) + (position ? `:${position.line}:${position.column}` : '');

function excerptLines(position: Position, style: Style, severity: Severity): string[] {
  const { line, padding, carets } = excerptOf(position);
  const number = String(position.line);
  return [
    `${style.faint(`${number} |`)} ${line}`.trimEnd(),
    `${style.faint(`${' '.repeat(number.length)} |`)} ${padding}${style.severity(severity, carets)}`,
  ];
}
